// Which VM of a host is one for trial moves?
#include "providers/wmi/hyperv/trial_vm.hpp"

#include <doctest/doctest.h>

namespace fairway::wmi::trial_vm_test {

namespace {

cim::Instance vm(const std::string& name, std::vector<std::string> notes, const std::string& type = "System:Realized") {
    return {"Msvm_VirtualSystemSettingData",
            {cim::scalar("ElementName", "string", name), cim::array("Notes", "string", std::move(notes)),
             cim::scalar("VirtualSystemType", "string", "Microsoft:Hyper-V:" + type)}};
}

Held read(Instances settings) {
    const auto held = read_trial_vms(*codec_row(setting::verify_trial_vms), settings);
    REQUIRE(held.has_value());
    return *held;
}

}  // namespace

TEST_CASE("trial VM: a host's VM is known by its note, and by nothing else") {
    const std::string half = note_of({"t", "corp", false}), complete = note_of({"t", "corp", true});
    CHECK(read({vm("t", {half})}) == Held(Value(Set({"t of corp"}))));
    CHECK(read({vm("t", {complete})}) == Held(whole("t", "corp")));
    CHECK(read({vm("t", {complete}, "Snapshot:Realized"), vm("t", {complete}, "System:Planned")}) ==
          Held(Value(Set())));
    CHECK(read({vm("fairway-trial", {}), vm("fairway-trial", {"mine"}), vm("t", {"x " + complete}),
                vm("t", {complete, "more"}), vm("odd name", {complete})}) == Held(Value(Set())));
}

}  // namespace fairway::wmi::trial_vm_test
