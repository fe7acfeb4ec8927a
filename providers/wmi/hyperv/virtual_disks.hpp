// Which virtual hard disks does a VM have, with those of its checkpoints, and how are they named to
// MigrateVirtualSystemToHost? Every client known sends them all with a move that takes the storage along: Microsoft's
// samples, openstack/os-win, the cmdlet Move-VM (WMI-51). Paths go out as they were read.
#pragma once

#include <string>
#include <vector>

#include "providers/wmi/wsman/client.hpp"

namespace fairway::wmi {

// Embedded instances of Msvm_StorageAllocationSettingData, one a disk. Error: a disk that cannot move (it is shared),
// one without a path, or more of them than are sent.
Result<std::vector<std::string>> disks_to_move(Inquirer& source, const std::string& vm);

}  // namespace fairway::wmi
