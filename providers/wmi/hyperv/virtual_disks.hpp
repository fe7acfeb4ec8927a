// Which virtual hard disks does a VM have, with those of its checkpoints, and how are they named to
// MigrateVirtualSystemToHost? Every client known sends them all with a move that takes the storage along: Microsoft's
// samples, openstack/os-win, the cmdlet Move-VM (WMI-51). Paths go out as they were read.
#pragma once

#include <string>
#include <vector>

#include "providers/wmi/wsman/client.hpp"

namespace fairway::wmi {

// Of the VM and its checkpoints, each once, with a path each. Error: one without a path, or more than are ever sent.
Result<std::vector<cim::Instance>> virtual_disks(Inquirer& host, const std::string& vm);

// Their paths, sorted.
std::vector<std::string> paths_of(const std::vector<cim::Instance>& disks);

// Embedded instances of Msvm_StorageAllocationSettingData, one a disk. Error: a disk that cannot move (it is shared).
Result<std::vector<std::string>> told(const std::vector<cim::Instance>& disks);

}  // namespace fairway::wmi
