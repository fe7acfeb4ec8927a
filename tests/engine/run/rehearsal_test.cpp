// What a rehearsal says of plans that are put back, that are not, and that cannot be applied.
#include "engine/run/rehearsal.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::rehearsal_test {

namespace {

const Address live{"HV01", &setting::migration_max_live}, networks{"HV02", &setting::migration_networks},
    list{"HV03", &setting::delegation_allowed_principals};

std::vector<Change> some_changes() {
    return {{live, std::int64_t{2}, std::int64_t{4}, {"r"}, {}},
            {networks, Set({"any"}), Set({"10.30.0.0/16"}), {"r"}, {}},
            {list, Set(), Set({"HV01$"}), {"r"}, {}}};
}

// In no cluster, and idle.
Snapshot at_rest() {
    Snapshot out = sample::snapshot();
    for (const char* host : {"HV01", "HV02", "HV03"}) {
        out.readings.insert_or_assign(Address{host, &setting::host_cluster}, Held());
        sample::set(out, host, setting::host_running_migrations, std::int64_t{0});
    }
    return out;
}

const OpenNames no_forest = [] { return fail(Code::unreachable, "no forest"); };

Result<Rehearsal> rehearsed(const Plan& plan, const Snapshot& seen = at_rest()) {
    static std::vector<PlanFile> kept;  // a rehearsal speaks of the plan's changes
    kept.emplace_back(plan);
    return rehearse(kept.back(), seen, sample::inventory(), no_forest);
}

}  // namespace

TEST_CASE("a plan that is put back exactly") {
    const auto seen = rehearsed(sample::plan_with(some_changes()));
    REQUIRE(seen);
    CHECK(seen->exact() == 3);
    CHECK_FALSE(seen->refused);
    CHECK(seen->there.writes == 3);
    CHECK(seen->back.writes == 3);
    CHECK(seen->back.readings > seen->back.writes);
    CHECK(seen->way_back.size() == 3);
    // HV02 listened in no network of the plan: its six paths open again on the way back.
    CHECK(seen->way_back.paths.open == 2);
    CHECK(seen->way_back.phases.back().paths.open == 6);
    CHECK(outcome(*seen) == Rehearsed{.exact = 3, .others = {}});
}

TEST_CASE("an empty plan") {
    const auto seen = rehearsed(sample::plan_with({}));
    REQUIRE(seen);
    CHECK(seen->parts.empty());
    CHECK(seen->way_back.size() == 0);
}

TEST_CASE("hosts are taken to be idle") {
    Plan plan = sample::plan_with(some_changes());
    plan.phases[0].changes[0].premises.add(
        premise("HV01", setting::host_running_migrations, Held(Value(std::int64_t{0}))));
    Snapshot busy = at_rest();
    sample::set(busy, "HV01", setting::host_running_migrations, std::int64_t{2});
    CHECK(rehearsed(plan, busy)->exact() == 3);
}

TEST_CASE("what the way back does not put back is named") {
    // A cluster came to own the value; the plan is none of ours, for it does not rest on that.
    Snapshot clustered = at_rest();
    sample::set(clustered, "HV01", setting::host_cluster, std::string("c1"));
    const auto seen = rehearsed(sample::plan_with(some_changes()), clustered);
    REQUIRE(seen);
    CHECK(seen->exact() == 2);
    CHECK(seen->parts[0].how == PutBack::stays);
    CHECK(seen->parts[0].because.find("cluster c1") != std::string::npos);
    const Rehearsed all = outcome(*seen);
    CHECK(all.exact == 2);
    REQUIRE(all.others.size() == 1);
    CHECK(all.others[0].starts_with("host HV01 migration.max_live stays: "));
}

TEST_CASE("a way back that the policy's limits forbid") {
    Plan plan = sample::plan_with(some_changes());
    plan.limits = Limits{};
    plan.limits->rollbacks = true;
    plan.limits->hosts = {.count = 1};
    const auto seen = rehearsed(plan);
    REQUIRE(seen);
    CHECK(seen->exact() == 0);
    REQUIRE(seen->refused);
    CHECK(seen->refused->code == Code::refused);
    CHECK(outcome(*seen).others.size() == 3);
}

TEST_CASE("a plan that cannot be applied to what was seen is no rehearsal") {
    Snapshot moved = at_rest();
    sample::set(moved, "HV01", setting::migration_max_live, std::int64_t{7});
    CHECK(rehearsed(sample::plan_with(some_changes()), moved).error().code == Code::stale);
    moved.readings.insert_or_assign(live, Reading(fail(Code::unreachable, "no answer")));
    CHECK(rehearsed(sample::plan_with(some_changes()), moved).error().code == Code::unreachable);
}

TEST_CASE("a rehearsal stands in the plan's file, and only there") {
    Plan plan = sample::plan_with(some_changes());
    const std::string before = print_plan(plan);
    plan.rehearsed = Rehearsed{.exact = 2, .others = {"host HV01 migration.max_live stays: why"}};
    const PlanFile file(plan);
    CHECK(file.bytes() != before);
    const auto reread = parse_plan(file.bytes());
    REQUIRE(reread);
    CHECK((*reread)->rehearsed == plan.rehearsed);
    CHECK(reread->bytes() == file.bytes());
    plan.rehearsed.reset();
    CHECK(print_plan(plan) == before);
}

}  // namespace fairway::rehearsal_test
