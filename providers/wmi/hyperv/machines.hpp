// What does a host know of one VM: has it the VM, running, with how much memory; is there a planned one of its id; is
// one of its migrations under way (WMI-53, WMI-54, WMI-112, WMI-113, WMI-116)? A planned VM is removed (WMI-115).
#pragma once

#include <optional>
#include <string>

#include "engine/provider.hpp"
#include "providers/wmi/wsman/client.hpp"

namespace fairway::wmi {

inline constexpr std::uint64_t state_running = 2;  // EnabledState of Msvm_ComputerSystem
inline constexpr std::string_view mebibytes = "byte * 2^20";

// By display name or by GUID; without its memory. Error: several of that name.
Result<std::optional<Machine>> find_machine(Inquirer& host, const std::string& wanted);
// MB that it starts with; empty: the host does not say.
Result<std::optional<std::int64_t>> memory_of(Inquirer& host, const std::string& id);
Result<bool> has_planned(Inquirer& host, const std::string& id);
// Whether a migration of the VM has not ended at its source.
Result<bool> is_moving(Inquirer& host, const Machine& machine);
// Of the planned VM of that id, which must be there.
Result<void> remove_planned(Client& host, const std::string& id, const std::string& name);
// How a person does the same.
std::string removal_by_hand(const std::string& host, const std::string& id);

// Why the host's cluster keeps VMs away from it, in words; empty: it does not, or the host is of none (WMI-114).
Result<std::string> draining_of(Inquirer& host, const std::string& name);

}  // namespace fairway::wmi
