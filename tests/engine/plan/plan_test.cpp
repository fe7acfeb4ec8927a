// From findings to ordered changes, limits, and the way back.
#include "engine/plan/plan.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/run.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan_file.hpp"
#include "tests/sample.hpp"

namespace fairway::plan_test {

using sample::want;

namespace {

Plan plan_for(const Desired& desired, const Snapshot& snapshot, Purpose purpose = Purpose::apply) {
    return plan({.purpose = purpose, .source = "standard", .source_digest = {}, .ticket = {}}, judge(desired, snapshot),
                snapshot, sample::inventory());
}

std::vector<std::string> order_of(const Plan& plan) {
    std::vector<std::string> out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            out.push_back(std::string(name(phase.kind)) + ": " + change.address.object + " " +
                          std::string(change.address.setting->name));
    return out;
}

}  // namespace

TEST_CASE("additions to the directory come first, removals last, hosts between; a rollback walks backwards") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::delegation_services, Set({"stale/one"}));
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string("credssp"));
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    sample::set(snapshot, "HV01", setting::migration_enabled, false);
    sample::set(snapshot, "HV03", setting::delegation_unconstrained, true);
    Desired desired;
    desired[{"HV01", &setting::delegation_services}] = {want(Comparator::equals, Set({"cifs/HV02"}))};
    desired[{"HV03", &setting::delegation_unconstrained}] = {want(Comparator::equals, false)};
    for (const char* host : {"HV01", "HV02"})
        desired[{host, &setting::migration_enabled}] = {want(Comparator::equals, true)};
    desired[{"HV02", &setting::migration_authentication}] = {want(Comparator::equals, std::string("kerberos"))};

    CHECK(order_of(plan_for(desired, snapshot)) ==
          std::vector<std::string>{"directory additions: HV01 delegation.services", "hosts: HV01 migration.enabled",
                                   "hosts: HV02 migration.enabled", "hosts: HV02 migration.authentication",
                                   "directory removals: HV01 delegation.services",
                                   "directory removals: HV03 delegation.unconstrained"});
    CHECK(order_of(plan_for(desired, snapshot, Purpose::rollback)) ==
          std::vector<std::string>{"directory additions: HV01 delegation.services",
                                   "hosts: HV02 migration.authentication", "hosts: HV02 migration.enabled",
                                   "hosts: HV01 migration.enabled", "directory removals: HV03 delegation.unconstrained",
                                   "directory removals: HV01 delegation.services"});
}

TEST_CASE("rules that agree on an address make one change, and what no rule names is told") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::delegation_services, Set({"a", "gone", "x"}));
    Desired desired;
    desired[{"HV01", &setting::delegation_services}] = {want(Comparator::includes, Set({"b"}), "more"),
                                                        want(Comparator::includes, Set({"a"}), "same")};
    const Plan made = plan_for(desired, snapshot);
    REQUIRE(made.size() == 1);
    const Change& change = *numbered(made)[0];
    CHECK(change.after == Value(Set({"a", "b", "gone", "x"})));
    CHECK(change.rules == std::vector<std::string>{"more"});
    CHECK(change.keeps == Set({"gone", "x"}));
}

TEST_CASE("a number that several rules bound moves as far as all of them need") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::migration_max_storage, std::int64_t{9});
    Desired desired;
    desired[{"HV01", &setting::migration_max_storage}] = {want(Comparator::equals, std::int64_t{3}),
                                                          want(Comparator::at_most, std::int64_t{4})};
    CHECK(numbered(plan_for(desired, snapshot))[0]->after == Value(std::int64_t{3}));
}

TEST_CASE("a plan predicts its paths") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string("credssp"));
    Desired desired;
    desired[{"HV02", &setting::migration_authentication}] = {want(Comparator::equals, std::string("kerberos"))};
    const Plan made = plan_for(desired, snapshot);
    CHECK(made.paths == PathCount{2, 4, 0});
    CHECK(made.phases.back().paths == PathCount{6, 0, 0});
    CHECK(made.phases.back().closes == 0);

    // What the caller may not do is no part of it: another account may apply it.
    for (const char* host : {"HV01", "HV02", "HV03"})
        sample::set(snapshot, host, setting::caller_delegable, std::string("protected_users"));
    CHECK(print_plan(plan_for(desired, snapshot)) == print_plan(made));

    Desired worse;
    worse[{"HV01", &setting::migration_authentication}] = {want(Comparator::equals, std::string("credssp"))};
    const Plan closing = plan_for(worse, sample::snapshot());
    CHECK(closing.phases.back().paths == PathCount{2, 4, 0});
    CHECK(closing.phases.back().closes == 4);
    CHECK(closing.phases.back().closed ==
          std::vector<StepPaths>{{{"HV01", &setting::migration_authentication}, {"HV02", "HV03"}, {}, {}}});
    CHECK(made.phases.back().closed.empty());
}

TEST_CASE("a plan says which hosts are at work, and keeps that in its file") {
    const Address running{"HV01", &setting::host_running_migrations};
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::migration_authentication, std::string("credssp"));
    const Desired desired = {
        {{"HV01", &setting::migration_authentication}, {want(Comparator::equals, std::string("kerberos"))}}};
    const auto made = [&] { return plan_for(desired, snapshot); };
    REQUIRE(made().size() == 1);
    CHECK(made().phases[0].changes[0].premises.about(running) != nullptr);
    CHECK(made().notes.empty());
    sample::set(snapshot, "HV01", setting::host_running_migrations, std::int64_t{0});
    CHECK(made().notes.empty());
    sample::set(snapshot, "HV01", setting::host_running_migrations, std::int64_t{2});
    const Plan busy = made();
    REQUIRE(busy.notes.size() == 1);
    CHECK(busy.notes[0].verdict == Verdict::busy);
    CHECK(busy.notes[0].address == running);
    const auto back = parse_plan(print_plan(busy));
    REQUIRE(back.has_value());
    CHECK(print_plan(**back) == print_plan(busy));
}

}  // namespace fairway::plan_test
