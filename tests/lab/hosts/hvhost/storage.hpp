// The virtual hard disks of machines and their checkpoints: as instances, and as a move names them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cim.hpp"
#include "estate.hpp"
#include "jobs.hpp"

namespace lab {

// Msvm_StorageAllocationSettingData of the machine's disks, of its checkpoints', and of the CD in its drive.
[[nodiscard]] std::vector<Instance> disks_of(const std::string& host, const Machine& machine);

// InstanceIDs of a machine's SCSI controller and of a drive at it, and the path of one as Parent holds it.
[[nodiscard]] std::string controller_id(const std::string& machine);
[[nodiscard]] std::string drive_id(const std::string& machine, std::size_t place);
[[nodiscard]] std::string path_of_part(const std::string& host, const std::string& instance_id);

// Msvm_ResourceAllocationSettingData of those.
[[nodiscard]] std::vector<Instance> parts_of(const std::string& host, const Machine& machine);

// By InstanceID, in small letters: where the disk is to be.
using NewPaths = std::map<std::string, std::string>;

// What NewResourceSettingData says; nothing where a text is not a virtual hard disk of this machine.
[[nodiscard]] std::optional<NewPaths> read_new_paths(const Machine& machine, const std::vector<std::string>& texts);

// Why this machine cannot be moved like that; takes the new paths over otherwise.
[[nodiscard]] std::optional<Failure> place_disks(Machine& machine, const NewPaths& paths, bool with_storage);

}  // namespace lab
