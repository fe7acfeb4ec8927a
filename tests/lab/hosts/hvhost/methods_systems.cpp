// The methods of Msvm_VirtualSystemManagementService that take machines away.
#include <algorithm>

#include "methods.hpp"

namespace lab {
namespace {

const std::string* key_of(const Reference& reference, std::string_view wanted) {
    const auto at = std::find_if(reference.keys.begin(), reference.keys.end(),
                                 [&](const auto& key) { return same_name(key.first, wanted); });
    return at == reference.keys.end() ? nullptr : &at->second;
}

}  // namespace

// The class of the reference tells which is meant, the machine or what is planned of it.
Outcome destroy_system(Host& host, const Caller&, const Arguments& arguments, const Instance&) {
    arguments.allow({"AffectedSystem"});
    const auto references = arguments.references("AffectedSystem");
    if (references.size() != 1) return {result::invalid_parameter, {}};
    const auto* id = key_of(references.front(), "Name");
    if (id == nullptr || !same_name(references.front().class_name, "Msvm_PlannedComputerSystem")) {
        return {result::invalid_parameter, {}};
    }
    const auto gone = host.with([&](Host::State& state) {
        return std::erase_if(state.planned, [&](const Machine& machine) { return same_name(machine.id, *id); });
    });
    return {gone == 1 ? result::done : result::invalid_parameter, {}};
}

}  // namespace lab
