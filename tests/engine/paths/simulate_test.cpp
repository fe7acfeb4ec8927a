// The paths of a small estate before, during and after the steps of a plan.
#include "engine/paths/simulate.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::simulate_test {

namespace {

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
    CHECK(all[0].letters ==
          "-.L"
          "e-e"  // closed outweighs unknown
          "LL-");
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
    const Outlook outlook = simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    CHECK(plan.paths == PathCount{2, 4, 0});
    CHECK(plan.phases[0].paths == PathCount{6, 0, 0});
    CHECK(plan.phases[0].closes == 4);  // while HV01 was off
    CHECK(plan.phases[0].closed ==
          std::vector<StepPaths>{{{"HV01", &setting::migration_enabled}, {"HV02", "HV03"}, {}, {}}});
    CHECK(count(outlook.matrices) == plan.phases[0].paths);
    CHECK(count(matrices(outlook.meshes)) == plan.phases[0].paths);  // step by step is as all at once
}

TEST_CASE(
    "hosts of one phase may change in any order, and all that this closes is named by every step that may do it") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    for (const char* host : {"HV01", "HV02"})
        sample::set(snapshot, host, setting::migration_authentication, std::string("credssp"));
    sample::set(snapshot, "HV01", setting::host_credential_guard, false);
    sample::set(snapshot, "HV02", setting::host_credential_guard, false);
    const Value credssp = std::string("credssp"), kerberos = std::string("kerberos");
    Plan plan = sample::plan_with({sets("HV01", setting::migration_authentication, credssp, kerberos),
                                   sets("HV02", setting::migration_authentication, credssp, kerberos)});
    const std::vector<StepPaths> first = {{{"HV01", &setting::migration_authentication}, {"HV02"}, {}, {}}},
                                 second = {{{"HV02", &setting::migration_authentication}, {"HV01"}, {}, {}}};
    simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    CHECK(plan.paths == PathCount{2, 4, 0});
    CHECK(plan.phases[0].paths == PathCount{6, 0, 0});
    CHECK(plan.phases[0].closes == 2);  // whichever is first
    CHECK(plan.phases[0].closed == first);
    CHECK(plan.phases[0].opened == second);

    // In the plan's order nothing closes: HV02 listens where HV01 goes next. Made the other way round, it does.
    snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::host_addresses, Set({"10.20.0.1", "10.30.0.1"}));
    sample::set(snapshot, "HV02", setting::host_addresses, Set({"10.20.0.2", "10.30.0.2"}));
    sample::set(snapshot, "HV01", setting::migration_networks, Set({"10.20.0.0/24"}));
    sample::set(snapshot, "HV02", setting::migration_networks, Set({"10.20.0.0/24"}));
    plan = sample::plan_with(
        {sets("HV01", setting::migration_networks, Set({"10.20.0.0/24"}), Set({"10.20.0.0/24", "10.30.0.0/24"})),
         sets("HV02", setting::migration_networks, Set({"10.20.0.0/24"}), Set({"10.30.0.0/24"}))});
    simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    CHECK(plan.phases[0].closed[0].address == Address{"HV02", &setting::migration_networks});
    CHECK(plan.phases[0].opened == std::vector<StepPaths>{{{"HV01", &setting::migration_networks}, {"HV02"}, {}, {}}});
}

TEST_CASE("a wave that leaves half a domain behind says which later step opens its paths again") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    const Value credssp = std::string("credssp"), kerberos = std::string("kerberos");
    for (const char* host : {"HV01", "HV02", "HV03"}) {
        sample::set(snapshot, host, setting::migration_authentication, std::string("credssp"));
        sample::set(snapshot, host, setting::host_credential_guard, false);
    }
    Plan plan = sample::plan_with({sets("HV01", setting::migration_authentication, credssp, kerberos)});
    plan.phases.push_back(plan.phases[0]);
    plan.phases[1].changes = {sets("HV02", setting::migration_authentication, credssp, kerberos)};
    simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    CHECK(plan.phases[0].paths == PathCount{2, 4, 0});
    CHECK(plan.phases[0].closed ==
          std::vector<StepPaths>{{{"HV01", &setting::migration_authentication}, {"HV02", "HV03"}, {}, {}}});
    CHECK(plan.phases[0].opened.empty());
    CHECK(plan.phases[1].closed ==
          std::vector<StepPaths>{{{"HV02", &setting::migration_authentication}, {"HV03"}, {}, {}}});
    CHECK(plan.phases[1].opened ==
          std::vector<StepPaths>{{{"HV02", &setting::migration_authentication}, {"HV01"}, {}, {}}});
}

TEST_CASE("a path that the plan itself opened is named like any other when a later phase closes and opens it") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    Plan plan = sample::plan_with({sets("HV02", setting::migration_enabled, false, true)});
    for (const bool on : {false, true}) {
        plan.phases.push_back(plan.phases[0]);
        plan.phases.back().changes = {sets("HV02", setting::migration_enabled, !on, on)};
    }
    simulate(plan, for_any_caller(meshes(inventory, snapshot)));
    const std::vector<StepPaths> all = {{{"HV02", &setting::migration_enabled}, {"HV01", "HV03"}, {}, {}}};
    CHECK(plan.phases[0].opened.empty());  // nobody lost these
    CHECK(plan.phases[1].closed == all);
    CHECK(plan.phases[2].opened == all);
}

TEST_CASE("all changes laid over the hosts give what the plan's last phase says") {
    const Inventory inventory = sample::inventory();
    Plan plan = sample::plan_with(
        {sets("HV01", setting::migration_authentication, std::string("kerberos"), std::string("credssp")),
         sets("HV03", setting::migration_networks, Set({"any"}), Set({"10.9.0.0/16"}))});
    simulate(plan, for_any_caller(meshes(inventory, sample::snapshot())));
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

}  // namespace fairway::simulate_test
