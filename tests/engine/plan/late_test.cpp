// Which writes may still arrive, by what the journal says of them?
#include <doctest/doctest.h>

#include "engine/model/migration_settings.hpp"
#include "engine/plan/late.hpp"
#include "tests/sample.hpp"

namespace fairway::late_test {

TEST_CASE("late: what nobody answered may still arrive, also where it was made again") {
    const Address on{"HV01", &setting::migration_enabled}, live{"HV01", &setting::migration_max_live},
        storage{"HV01", &setting::migration_max_storage}, networks{"HV01", &setting::migration_networks},
        enabled{"HV02", &setting::migration_enabled};
    Run run;
    run.plan = sample::plan_with({{on, false, true, {}, {}},
                                  {live, std::int64_t{1}, std::int64_t{2}, {}, {}},
                                  {storage, std::int64_t{1}, std::int64_t{2}, {}, {}},
                                  {networks, Set({"10.1.0.0/16"}), Set({"10.2.0.0/16"}), {}, {}},
                                  {enabled, false, true, {}, {}}});
    const auto with = [&](std::vector<Step> steps) {
        run.steps = std::move(steps);
        return may_still_arrive(run);
    };
    CHECK(with({}).empty());
    CHECK(with({{0, Outcome::done, {}}, {1, Outcome::not_done, {}}, {4, std::nullopt, {}}}).empty());
    CHECK(with({{2, Outcome::in_doubt, {}}}).empty());  // it is neither before nor after: that is told as itself
    CHECK(with({{0, Outcome::unanswered, {}}}) == std::vector{on});
    CHECK(with({{3, Outcome::torn, {}}, {0, Outcome::unanswered, {}}}) == std::vector{on, networks});
    CHECK(with({{1, Outcome::unanswered, {}}, {1, Outcome::done, {}}, {1, Outcome::unanswered, {}}}) ==
          std::vector{live});
    CHECK(with({{7, Outcome::unanswered, {}}}).empty());
}

}  // namespace fairway::late_test
