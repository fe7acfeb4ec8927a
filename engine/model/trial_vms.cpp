// See trial_vms.hpp. Facts: WMI-130 to WMI-139.
#include "engine/model/trial_vms.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/commands.hpp"

namespace fairway {
namespace {

constexpr std::string_view of_estate = " of ", and_complete = ", complete";
constexpr std::size_t longest_name = 63, longest_estate = 200;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

std::string element(const TrialVm& vm) {
    return fmt::format("{}{}{}{}", vm.name, of_estate, vm.estate, vm.complete ? and_complete : "");
}

std::optional<TrialVm> trial_vm(std::string_view element) {
    TrialVm out;
    out.complete = element.ends_with(and_complete);
    if (out.complete) element.remove_suffix(and_complete.size());
    const std::size_t at = element.find(of_estate);
    if (at == element.npos) return std::nullopt;
    out.name = element.substr(0, at);
    out.estate = element.substr(at + of_estate.size());
    const bool good = is_trial_name(out.name) && !out.estate.empty() && out.estate.size() <= longest_estate &&
                      text::is_clean_line(out.estate);
    return good ? std::optional(std::move(out)) : std::nullopt;
}

Value whole(const std::string& name, const std::string& estate) {
    return Set({element({name, estate, false}), element({name, estate, true})});
}

bool is_trial_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && is_letter_or_digit(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

namespace setting {

const Setting verify_trial_vms{
    .name = "verify.trial_vms",
    .kind = Kind::host,
    .type = Type::set,
    .access = Access::by_command,
    .element = "`NAME of ESTATE` of a VM that is there, and `NAME of ESTATE, complete` once it has its disk and runs",
    .rank = 6,
    .undo = Undo::by_element,
    .atomic = Atomic::no,
    .disturbs = Disturbs::never,
    .stake = Stake{Risk::low, "a small VM for trial moves", "it has no network and gives nobody a right"},
    .doc =
        "VMs that Fairway made for trial moves, known by the note that they carry: generation 2, 32 MB, one small "
        "fixed "
        "disk, no network. `verify --prepare` makes one and `verify --remove` takes it away.",
    .source = "Msvm_VirtualSystemSettingData.Notes",
    .cmdlet = "New-VM, Remove-VM",
    .command = trial_vms_command};

std::span<const Setting* const> trial_settings() {
    static constexpr std::array rows = {&verify_trial_vms};
    return rows;
}

}  // namespace setting

}  // namespace fairway
