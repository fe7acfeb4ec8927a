// What does host number N of the benchmark hold? As many objects with as many properties as a host with a few
// network cards answers, since it is the size of replies that costs a client. Nothing here changes (answers keeps what
// is set); the hosts differ in their addresses only, so that one text asks the same of all of them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "cim.hpp"

namespace fairway::stub {

inline constexpr std::string_view setting_class = "Msvm_VirtualSystemMigrationServiceSettingData";
inline constexpr std::string_view service_class = "Msvm_VirtualSystemMigrationService";
inline constexpr std::string_view network_class = "Msvm_VirtualSystemMigrationNetworkSettingData";
// As tests/lab/hosts/hvhost has it: a backslash, which WQL wants escaped.
inline constexpr std::string_view setting_id = "Microsoft:6B1C2F9A-3D57-4E0B-9A41-7C85E2D0F913\\migrationwmi";

// Empty: the host has no such class.
std::vector<lab::Instance> instances_of(std::size_t host, std::string_view ns, std::string_view class_name);

}  // namespace fairway::stub
