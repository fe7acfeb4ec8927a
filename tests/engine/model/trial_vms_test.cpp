// The elements of verify.trial_vms, and what becomes of a write of them that was cut off.
#include "engine/model/trial_vms.hpp"

#include <doctest/doctest.h>

#include "engine/plan/settle.hpp"

namespace fairway::trial_vms_test {

TEST_CASE("trial VMs: an element says name, estate and whether it is complete, and nothing else passes") {
    for (const TrialVm& vm : {TrialVm{"fairway-trial", "corp", false}, TrialVm{"x1", "a b of c", true}})
        CHECK(trial_vm(element(vm)) == vm);
    for (const char* odd : {"", "fairway-trial", " of corp", "fairway-trial of ", "a b of corp", "..\\x of corp",
                            "-x of corp", "x of corp\nmore", "x/y of corp"})
        CHECK_MESSAGE(!trial_vm(odd), odd);
    CHECK_FALSE(is_trial_name(std::string(64, 'x')));
    CHECK(is_trial_name(usual_trial_name));
}

TEST_CASE("trial VMs: what was cut off between the steps is torn, in both directions") {
    const Value all = whole("fairway-trial", "corp"), half = Set({element({"fairway-trial", "corp", false})});
    const Address address{"HV01", &setting::verify_trial_vms};
    const Change make{address, Set(), all, {}, {}}, take{address, all, Set(), {}, {}};
    for (const Change* change : {&make, &take}) {
        CHECK(settle(*change, Held(half), false) == Outcome::torn);
        CHECK(settle(*change, Held(change->after), false) == Outcome::done);
        CHECK(settle(*change, Held(change->before), true) == Outcome::not_done);
    }
}

}  // namespace fairway::trial_vms_test
