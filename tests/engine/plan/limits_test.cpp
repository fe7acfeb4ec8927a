// Each row of the table of limits: what is within, what is beyond, what was allowed once; and the room of lists.
#include "engine/plan/limits.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "tests/sample.hpp"

namespace fairway::limits_test {
namespace {

using sample::want;

Inventory hosts(std::int64_t many) {
    Inventory out;
    for (std::int64_t i = 0; i < many; ++i) out.hosts.emplace_back().name = fmt::format("HV{}", i);
    return out;
}

// It changes so many hosts, both the host and its account, closes so many of 1000 open paths and takes so many of 4000
// values from a list.
struct Uses {
    std::int64_t hosts = 1, closes = 0, removed = 0;
};
constexpr std::int64_t open_paths = 1000, values = 4000;

Plan plan_of(const Uses& uses) {
    Plan out = sample::plan_with({});
    out.paths.open = open_paths;
    out.phases[0].closes = uses.closes;
    for (std::int64_t i = 0; i < uses.hosts; ++i) {
        const std::string host = fmt::format("HV{}", i);
        out.phases[0].changes.push_back({{host, &setting::migration_enabled}, false, true, {"r"}, {}});
        out.phases[0].changes.push_back({{host, &setting::delegation_protocol_transition}, true, false, {"r"}, {}});
    }
    if (uses.removed == 0) return out;
    std::vector<std::string> before;
    for (std::int64_t i = 0; i < values; ++i) before.push_back(fmt::format("cifs/{}", i));
    const std::vector<std::string> after(before.begin() + uses.removed, before.end());
    out.phases[0].changes.push_back({{"HV0", &setting::delegation_services}, Set(before), Set(after), {"r"}, {}});
    return out;
}

std::vector<std::string> said(Plan plan, std::optional<Limits> limits = {}, std::vector<Allowance> allowed = {},
                              std::int64_t of = 40) {
    plan.limits = std::move(limits);
    plan.allowed = std::move(allowed);
    return breaches(plan, hosts(of));
}

// Which side of a limit, by default, where the policy states it, and where it was allowed once.
struct Row {
    const char* limit;
    Uses within, beyond;   // by default, of 40 hosts
    Limits loose, strict;  // what stands in a policy: `beyond` is within the loose one, `within` is beyond the strict
    const char* enough;    // to allow `beyond` once
    const char* short_of;  // and what is not enough
    const char* words;
};
const Row rows[] = {
    {"hosts",
     {.hosts = 20},
     {.hosts = 21},
     {.hosts = {{}, 53}},
     {.hosts = {19, {}}},
     "21",
     "52%",
     "it changes 21 of 40 hosts; without a limit in the policy 20 are allowed, 50% of the hosts, but 16 in any case "
     "and "
     "at most 100, and once 52% (rollout.limits.hosts); to allow it once: --allow hosts=21"},
    {"paths_closed",
     {.closes = 500},
     {.closes = 501},
     {.paths_closed = {501, {}}},
     {.paths_closed = {{}, 49}},
     "51%",
     "500",
     "its steps close 501 of 1000 open paths on the way; without a limit in the policy 500 are allowed, 50% of the "
     "open "
     "paths, but 240 in any case, and once 500 (rollout.limits.paths_closed); to allow it once: --allow "
     "paths_closed=501"},
    {"values_removed",
     {.removed = 1000},
     {.removed = 1001},
     {.values_removed = {{}, 26}},
     {.values_removed = {999, {}}},
     "100%",
     "25%",
     "it removes 1001 of 4000 values from lists in the directory; without a limit in the policy 1000 are allowed, 25% "
     "of "
     "the values of these lists, but 1000 in any case, and once 25% (rollout.limits.values_removed); to allow it once: "
     "--allow values_removed=1001"},
};

}  // namespace

TEST_CASE("limits: each amount counts by default, as the policy states it, and as it was allowed once") {
    std::size_t amounts = 0;
    for (const LimitRow& row : limit_table()) amounts += row.amount ? 1 : 0;
    CHECK(amounts == std::size(rows));
    for (const Row& row : rows) {
        CAPTURE(row.limit);
        REQUIRE(find_limit(row.limit) != nullptr);
        const Plan within = plan_of(row.within), beyond = plan_of(row.beyond);
        CHECK(said(within).empty());
        CHECK(said(within, Limits()).empty());
        CHECK(said(beyond).size() == 1);
        CHECK(said(beyond, Limits()).size() == 1);
        CHECK(said(beyond, row.loose).empty());
        const auto strict = said(within, row.strict);
        REQUIRE(strict.size() == 1);
        CHECK(strict[0].find("; the policy allows ") != std::string::npos);
        CHECK(said(beyond, {}, {{row.limit, row.enough, "anna"}}).empty());
        CHECK(said(beyond, row.strict, {{row.limit, row.enough, "anna"}}).empty());
        CHECK(said(beyond, {}, {{row.limit, row.short_of, "anna"}}) == std::vector<std::string>{row.words});
        CHECK(breaches(beyond, hosts(40), std::vector<Allowance>{{row.limit, row.enough, "anna"}}).empty());
    }
}

TEST_CASE("limits: a small estate meets no default, and a large one not only a share") {
    CHECK(said(plan_of({.hosts = 16, .closes = 240}), {}, {}, 16).empty());
    CHECK(said(plan_of({.hosts = 16}), {}, {}, 17).empty());
    CHECK(said(plan_of({.hosts = 17}), {}, {}, 17).size() == 1);
    CHECK(said(plan_of({.hosts = 100}), {}, {}, 2000).empty());
    CHECK(said(plan_of({.hosts = 101}), {}, {}, 2000).size() == 1);
    CHECK(said(plan_of({.hosts = 8}), Limits{.hosts = {{}, 50}}, {}, 8).size() == 1);  // a policy's share is exact
}

TEST_CASE("limits: what lists of hosts lose counts nothing, and neither does what comes in their place") {
    Plan plan = plan_of({.hosts = 0});
    std::vector<std::string> many;
    for (int i = 0; i < 1500; ++i) many.push_back(fmt::format("10.{}.{}.0/24", i / 250, i % 250));
    plan.phases[0].changes = {{{"HV0", &setting::migration_networks}, Set(many), Set(), {"r"}, {}},
                              {{"HV0", &setting::delegation_services}, Set(), Set(many), {"r"}, {}}};
    plan.limits = Limits{.values_removed = {0, {}}};
    for (const std::string& one : breaches(plan, hosts(4))) CHECK(one.find("values from lists") == std::string::npos);
}

TEST_CASE("limits: a risk is allowed once by its word, and what is forbidden never") {
    Plan plan = sample::plan_with({{{"HV0", &setting::delegation_unconstrained}, false, true, {"r"}, {}}});
    const auto refused = said(plan);
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].ends_with("; to allow it once: --allow risk=critical"));
    CHECK(said(plan, Limits{.risk = Risk::low}, {{"risk", "critical", "anna"}}).empty());
    CHECK(said(plan, Limits{.risk = Risk::low}, {{"risk", "high", "anna"}}).size() == 1);
    plan.phases[0].changes[0].grade = {Risk::forbidden, "several accounts hold it"};
    const auto never = said(plan, {}, {{"risk", "critical", "anna"}});
    REQUIRE(never.size() == 1);
    CHECK(never[0].find("no policy allows that: ") != std::string::npos);
    CHECK(never[0].find("--allow") == std::string::npos);
}

TEST_CASE("limits: a rollback is held to what its policy states, if that says so, and to no default") {
    Plan back = plan_of({.hosts = 40, .closes = 900, .removed = 3000});
    back.purpose = Purpose::rollback;
    CHECK(said(back).empty());
    CHECK(said(back, Limits{.hosts = {1, {}}}).empty());
    CHECK(said(back, Limits{.rollbacks = true}).empty());
    Plan risky = back;
    for (Phase& phase : risky.phases)
        for (Change& change : phase.changes) change.grade = {Risk::critical, "it is"};
    CHECK(said(risky, Limits{.rollbacks = true}).size() == 1);
    CHECK(said(risky, Limits{.rollbacks = true, .risk_by_default = true}).empty());
    CHECK(said(back, Limits{.hosts = {1, {}}, .rollbacks = true}).size() == 1);
    CHECK(said(back, Limits{.hosts = {1, {}}, .rollbacks = true}, {{"hosts", "100%", "anna"}}).empty());
    CHECK(needed(back, hosts(40), std::vector<Allowance>{{"hosts", "100%", "anna"}}).empty());
}

TEST_CASE("limits: a plan keeps what it needed alone, in its file, and is the same as ever without") {
    const std::vector<Allowance> given = {{"risk", "critical", "anna"}, {"hosts", "80%", "anna"}};
    Plan plan = plan_of({.hosts = 21});
    CHECK(needed(plan_of({.hosts = 20}), hosts(40), given).empty());
    const std::string before = print_plan(plan);
    CHECK(before.find("allowed") == std::string::npos);
    plan.allowed = needed(plan, hosts(40), given);
    CHECK(plan.allowed == std::vector<Allowance>{{"hosts", "80%", "anna"}});
    const std::string file = print_plan(plan);
    CHECK(digest_in(file) != digest_in(before));
    const auto again = parse_plan(file);
    REQUIRE(again.has_value());
    CHECK((*again)->allowed == plan.allowed);
    CHECK(print_plan(**again) == file);
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
        const auto broken = breaches(plan, sample::inventory());
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
    Plan full_lists = sample::plan_with(many);
    full_lists.limits = Limits{.hosts = {47, {}}};
    const auto together = breaches(full_lists, sample::inventory());
    REQUIRE(together.size() == 1);
    CHECK(together[0].find(
              "delegation.services of HV10, HV11, HV12, HV13, HV14 and 42 more would have up to 1300 values, and "
              "1200 are the most: ") == 0);
    // In between, while what comes is there already and what goes is there still, there must be room as well.
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", services, std::get<Set>(list(1200)));
    Desired desired;
    desired[{"HV01", &services}] = {want(Comparator::equals, Set({"cifs/new"}))};
    Plan replacing = plan(PlanHeading(), judge(desired, snapshot), snapshot, sample::inventory());
    replacing.limits = Limits{.values_removed = {{}, 100}};
    const auto broken = breaches(replacing, sample::inventory());
    REQUIRE(broken.size() == 1);
    CHECK(one(broken).find("delegation.services of HV01 would have 1201 values, and 1200 are the most") == 0);
}

}  // namespace fairway::limits_test
