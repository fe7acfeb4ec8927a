// The paths of a small estate before, during and after the steps of a plan.
#include "engine/paths/simulate.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

using namespace fairway;

namespace {

constexpr PathState open = PathState::open, closed = PathState::closed, unknown = PathState::unknown;

Change sets(const char* host, const Setting& row, Value before, Value after) {
    return {{host, &row}, std::move(before), std::move(after), {"r"}, {}};
}

}  // namespace

TEST_CASE("every ordered pair of a domain is judged, row by row; the diagonal is not counted") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::delegation_protocol_transition, false);  // it can hand nothing over
    snapshot.readings.erase({"HV03", &setting::migration_max_live});
    const auto all = matrices(meshes(inventory, snapshot));
    REQUIRE(all.size() == 1);
    CHECK(all[0].hosts == std::vector<std::string>{"HV01", "HV02", "HV03"});
    CHECK(all[0].states == std::vector<PathState>{open, open, unknown,   //
                                                  closed, open, closed,  // closed outweighs unknown
                                                  unknown, unknown, open});
    CHECK(count(all) == PathCount{1, 2, 3});
    CHECK(count({}) == PathCount{0, 0, 0});
}

TEST_CASE("a step is laid over the paths of its host, and what it closes is named, if only for a while") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string("credssp"));
    Plan plan = sample::plan_with(
        {sets("HV02", setting::migration_authentication, std::string("credssp"), std::string("kerberos")),
         sets("HV01", setting::migration_enabled, true, false), sets("HV01", setting::migration_enabled, false, true),
         sets("HV03", setting::migration_max_storage, std::int64_t{2}, std::int64_t{4}),
         sets("elsewhere", setting::migration_enabled, true, false)});
    plan.phases[0].paths = {};
    const Outlook outlook = simulate(plan, snapshot, inventory);
    CHECK(plan.paths == PathCount{2, 4, 0});
    CHECK(plan.phases[0].paths == PathCount{6, 0, 0});
    CHECK(plan.phases[0].closes == 4);  // while HV01 was off
    CHECK(plan.phases[0].closed ==
          std::vector<ClosedBy>{{{"HV01", &setting::migration_enabled}, {"HV02", "HV03"}, {"HV02", "HV03"}}});
    CHECK(count(outlook.matrices) == plan.phases[0].paths);
    CHECK(count(matrices(outlook.meshes)) == plan.phases[0].paths);  // step by step is as all at once
}

TEST_CASE("all changes laid over the hosts give what the plan's last phase says") {
    const Inventory inventory = sample::inventory();
    Plan plan = sample::plan_with(
        {sets("HV01", setting::migration_authentication, std::string("kerberos"), std::string("credssp")),
         sets("HV03", setting::migration_networks, Set({"any"}), Set({"10.9.0.0/16"}))});
    simulate(plan, sample::snapshot(), inventory);
    auto hosts = for_any_caller(meshes(inventory, sample::snapshot()));
    lay_over(hosts, plan.phases[0].changes);
    CHECK(count(matrices(hosts)) == plan.phases[0].paths);
    CHECK(plan.phases[0].paths == PathCount{0, 6, 0});  // HV03 listens nowhere and goes out of no network
}

TEST_CASE("a plan counts for any caller") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    for (const char* host : {"HV01", "HV02", "HV03"})
        sample::set(snapshot, host, setting::caller_delegable, std::string("protected_users"));
    const auto own = meshes(inventory, snapshot);
    CHECK(count(matrices(own)).open == 0);
    CHECK(count(matrices(for_any_caller(own))) == PathCount{6, 0, 0});
}
