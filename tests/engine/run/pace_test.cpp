// How long will a plan take? Of one phase: phase_start_test.
#include "engine/run/pace.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/gates.hpp"
#include "tests/sample.hpp"

namespace fairway::pace_test {

namespace {

Plan two_hosts_and_an_account() {
    return sample::plan_with({{{"HV01", &setting::migration_max_live}, std::int64_t{2}, std::int64_t{4}, {"r"}, {}},
                              {{"HV02", &setting::migration_max_live}, std::int64_t{2}, std::int64_t{4}, {"r"}, {}},
                              {{"HV03", &setting::delegation_allowed_principals}, Set(), Set({"HV01$"}), {"r"}, {}}});
}

Pace measured() {
    Pace out;
    out.took(Kind::host, 200);
    out.took(Kind::computer, 30);
    return out;
}

}  // namespace

TEST_CASE("how long a plan takes is what rounds took, phase by phase") {
    Plan plan = two_hosts_and_an_account();
    CHECK(estimate(plan, 10, Pace()).assumed);
    const Estimate one = estimate(plan, 10, measured());
    CHECK((one.phase_ms == 230 && one.undo_ms == 230 && !one.assumed));
    CHECK(estimate(plan, 1, measured()).phase_ms == 430);
    plan.phases.push_back(plan.phases[0]);
    plan.phases[0].then.minutes = 20;
    const Estimate two = estimate(plan, 10, measured());
    CHECK((two.phase_ms == 460 && two.pauses_ms == 20 * 60'000));
}

TEST_CASE("a plan whose pauses are longer than its window is said before it begins") {
    Plan plan = two_hosts_and_an_account();
    plan.phases[0].then.minutes = 60;
    const Estimate time = estimate(plan, 10, measured());
    CHECK(report::too_long(time, {}, 0).empty());  // no window
    const Span window{7200, 7200 + 90 * 60};
    CHECK(report::too_long(time, window, 0).empty());
    CHECK(report::too_long(time, window, 7200 + 1799).empty());
    CHECK_FALSE(report::too_long(time, window, 7200 + 1800).empty());  // the hour, and nothing to undo it
    CHECK_FALSE(report::too_long(time, Span{7200, 7200 + 59 * 60}, 0).empty());
}

}  // namespace fairway::pace_test
