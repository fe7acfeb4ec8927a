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

using namespace fairway;
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
          std::vector<ClosedBy>{{{"HV01", &setting::migration_authentication}, {"HV02", "HV03"}, {"HV02", "HV03"}}});
    CHECK(made.phases.back().closed.empty());
    CHECK(breaches(closing, {.hosts_percent = {}, .hosts = {}, .risk = Risk::high, .paths_closed = 3},
                   sample::inventory())
              .size() == 1);
    CHECK(
        breaches(closing, {.hosts_percent = 33, .hosts = 0, .risk = Risk::low, .paths_closed = 4}, sample::inventory())
            .size() == 3);
    CHECK(
        breaches(closing, {.hosts_percent = 34, .hosts = 1, .risk = Risk::high, .paths_closed = 4}, sample::inventory())
            .empty());
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

TEST_CASE("a list that the directory has no room for is refused, and one that is nearly full is warned of") {
    const auto list = [](std::size_t size) {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < size; ++i) out.push_back("cifs/" + std::to_string(i));
        return Value(Set(std::move(out)));
    };
    struct Row {
        const Setting* setting;
        std::size_t before, after;
        bool refused, warned;
    };
    const Setting &services = setting::delegation_services, &names = setting::spn_migration;
    const std::vector<Row> rows = {
        {&services, 0, 1000, false, false},
        {&services, 0, 1001, false, true},
        {&services, 1199, 1200, false, true},
        {&services, 0, 1201, true, false},
        {&services, 1201, 1202, true, false},
        {&services, 1300, 1299, false, false},  // another one's doing, and better
        {&services, 1200, 1100, false, false},
        {&names, 0, 1300, false, false},  // no limit is known
    };
    const auto one = [](const std::vector<std::string>& said) { return said.empty() ? std::string() : said.at(0); };
    for (const Row& row : rows) {
        CAPTURE(row.after);
        const Plan plan = sample::plan_with({{{"HV01", row.setting}, list(row.before), list(row.after), {"r"}, {}}});
        const auto broken = breaches(plan, {}, sample::inventory());
        const auto full = crowded(plan);
        CHECK(broken.size() == (row.refused ? 1 : 0));
        CHECK(full.size() == (row.warned ? 1 : 0));
        for (const std::string& said : {one(broken), one(full)})
            CHECK((said.empty() || said.find("resource-based delegation to a group") != std::string::npos));
    }
    // One reason for many lists is told once.
    std::vector<Change> many;
    for (int i = 10; i < 57; ++i)
        many.push_back({{fmt::format("HV{}", i), &services}, list(0), list(i == 56 ? 1300 : 1201), {"r"}, {}});
    const auto together = breaches(sample::plan_with(many), {}, sample::inventory());
    REQUIRE(together.size() == 1);
    CHECK(together[0].find(
              "delegation.services of HV10, HV11, HV12, HV13, HV14 and 42 more would have up to 1300 values, and "
              "1200 are the most: ") == 0);
    // In between, while what comes is there already and what goes is there still, there must be room as well.
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", services, std::get<Set>(list(1200)));
    Desired desired;
    desired[{"HV01", &services}] = {want(Comparator::equals, Set({"cifs/new"}))};
    const auto broken = breaches(plan_for(desired, snapshot), {}, sample::inventory());
    REQUIRE(broken.size() == 1);
    CHECK(one(broken).find("delegation.services of HV01 would have 1201 values, and 1200 are the most") == 0);
}
