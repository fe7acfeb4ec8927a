// How many paths does a plan close on the way?
#include "engine/model/plan.hpp"

#include <doctest/doctest.h>

#include "engine/model/migration_settings.hpp"

namespace fairway::plan_test {

TEST_CASE("a path that several steps or phases close is counted once") {
    const StepPaths first{{"HV01", &setting::migration_enabled}, {"HV02", "HV03"}, {}, {}},
        second{{"HV02", &setting::migration_enabled}, {}, {"HV01", "HV03"}, {"HV01"}};
    Phase both, again, older;
    both.closes = 5;
    both.closed = {first, second};
    again.closes = 3;
    again.closed = {second};
    older.closes = 7;  // as plan files of older versions have it
    Plan plan;
    CHECK(paths_closed(plan) == 0);
    plan.phases = {both};
    CHECK(paths_closed(plan) == 5);
    plan.phases = {both, again};
    CHECK(paths_closed(plan) == 5);
    plan.phases.push_back(older);
    CHECK(paths_closed(plan) == 12);
}

}  // namespace fairway::plan_test
