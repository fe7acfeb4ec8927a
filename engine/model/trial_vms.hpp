// The VMs that Fairway made for trial moves: the row of the catalogue that says where they are, and how its elements
// are spelt. No policy wants them: `verify --prepare` and `--remove` write the row.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/setting.hpp"

namespace fairway {

// "fairway-trial of corp" as soon as the VM is there, and beside it "fairway-trial of corp, complete" once it has its
// disk and runs. So a write that was cut off is seen to be torn, and is finished or undone like any other.
struct TrialVm {
    std::string name, estate;  // whose it is
    bool complete = false;

    friend bool operator==(const TrialVm&, const TrialVm&) = default;
};

std::string element(const TrialVm& vm);
std::optional<TrialVm> trial_vm(std::string_view element);        // empty: of no such form
Value whole(const std::string& name, const std::string& estate);  // both elements of one VM

// Letters, digits and hyphens: it becomes the name of a file, too.
bool is_trial_name(std::string_view name);
inline constexpr std::string_view usual_trial_name = "fairway-trial";

namespace setting {

extern const Setting verify_trial_vms;

std::span<const Setting* const> trial_settings();

}  // namespace setting

}  // namespace fairway
