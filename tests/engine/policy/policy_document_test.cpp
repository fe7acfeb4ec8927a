// Good policies: what their words become, and that the shipped ones load.
#include <doctest/doctest.h>

#include <filesystem>
#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/base/file.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/limits.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/schema.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::policy_document_test {
namespace {

Policy loaded(const std::string& text) {
    const auto policy = load_policy(text, "p.yaml");
    for (const std::string& line : said(policy)) FAIL_CHECK(line);
    REQUIRE(policy);
    return *policy;
}

// The wants of a rule that holds one setting.
std::vector<RuleWant> wants_of(const std::string& on, const std::string& want) {
    return loaded("policy: p\nowner: o\nwhy: w\nrules:\n  - {id: r, why: w, on: " + on + ", want: {" + want + "}}\n")
        .rules.at(0)
        .wants;
}

struct Row {
    const char* on;
    const char* want;
    Comparator comparator;
    Value operand;
};
const std::vector<Row> rows = {
    {"hosts", "migration.enabled: true", Comparator::equals, true},
    {"hosts", "migration.enabled: {equals: false}", Comparator::equals, false},
    {"hosts", "migration.authentication: 'kerberos'", Comparator::equals, std::string("kerberos")},
    {"hosts", "migration.max_live: 4", Comparator::equals, std::int64_t{4}},
    {"hosts", "migration.max_live: {at_least: 2}", Comparator::at_least, std::int64_t{2}},
    {"hosts", "migration.max_storage: {at_most: 1000}", Comparator::at_most, std::int64_t{1000}},
    {"hosts", "migration.networks: any", Comparator::equals, Set({"any"})},
    {"hosts", "migration.networks: [10.2.0.0/16]", Comparator::equals, Set({"10.2.0.0/16"})},
    {"hosts", "migration.networks: {subnets: ['FD00:20:0::/64', 10.20.0.0/24 metric 05]}", Comparator::equals,
     Set({"10.20.0.0/24 metric 5", "fd00:20::/64"})},
    {"hosts", "migration.networks: {includes: any}", Comparator::includes, Set({"any"})},
    {"hosts", "migration.networks: {within: {subnets: [10.0.0.0/8]}}", Comparator::within, Set({"10.0.0.0/8"})},
    {"hosts", "migration.networks: []", Comparator::equals, Set()},
    {"computers", "delegation.services: [cifs/HV01, cifs/hv01.corp.example]", Comparator::equals,
     Set({"cifs/HV01", "cifs/hv01.corp.example"})},
    {"computers", "delegation.services: {within: []}", Comparator::within, Set()},
    {"computers", "delegation.services: {includes: ['MSSQLSvc/sql01:1433']}", Comparator::includes,
     Set({"MSSQLSvc/sql01:1433"})},
    {"computers", "delegation.services: {without: ['ldap/*', 'GC/*/corp.example']}", Comparator::without,
     Set({"ldap/*", "GC/*/corp.example"})},
    {"computers", "delegation.services: {without: vanished}", Comparator::vanished, Set()},
    {"computers", "spn.migration: {without: ['*/OLD?']}", Comparator::without, Set({"*/OLD?"})},
    {"computers", "spn.migration: [Microsoft Virtual System Migration Service/HV01]", Comparator::equals,
     Set({"Microsoft Virtual System Migration Service/HV01"})},
    {"{tag: rack-a}", "delegation.unconstrained: false", Comparator::equals, false},
};

}  // namespace

TEST_CASE("a want's words become a comparator and an operand") {
    for (const Row& row : rows) {
        CAPTURE(row.want);
        const auto wants = wants_of(row.on, row.want);
        REQUIRE(wants.size() == 1);
        CHECK(wants[0].comparator == row.comparator);
        CHECK(std::get<Value>(wants[0].operand) == row.operand);
    }
}

TEST_CASE("computed names keep their question") {
    const auto wants = wants_of("computers",
                                "delegation.services: {includes: {services: [cifs, migration], of: peers, "
                                "also: [cifs/FS01]}, within: [cifs/x]}, spn.migration: present");
    REQUIRE(wants.size() == 3);
    const auto& includes = std::get<ComputedNames>(wants[0].operand);
    CHECK(wants[0].comparator == Comparator::includes);
    CHECK(includes.services == std::vector{ServiceClass::cifs, ServiceClass::migration});
    CHECK(includes.of == Of::peers);
    CHECK(includes.also == std::vector<std::string>{"cifs/FS01"});
    CHECK(wants[1].comparator == Comparator::within);
    CHECK(wants[2].setting == &setting::spn_migration);
    CHECK(wants[2].comparator == Comparator::includes);
    const auto& present = std::get<ComputedNames>(wants[2].operand);
    CHECK(present.services == std::vector{ServiceClass::migration});
    CHECK(present.of == Of::self);
}

TEST_CASE("peers of a list of principals are their accounts") {
    const auto wants = wants_of("computers",
                                "delegation.allowed_principals: {includes: peers, within: "
                                "['HV01$', Some Group, 'HV02$@b.example']}");
    REQUIRE(wants.size() == 2);
    CHECK(std::holds_alternative<PeerAccounts>(wants[0].operand));
    CHECK(std::get<Value>(wants[1].operand) == Value(Set({"HV01$", "HV02$@b.example", "Some Group"})));
}

TEST_CASE("each limit of an amount is a key of a policy, as a count and as a share, and its page says its default") {
    const std::string schema = policy_schema();
    for (const LimitRow& row : limit_table()) {
        CAPTURE(row.name);
        if (!row.amount) continue;
        for (const char* value : {"7", "35%"})
            CHECK(loaded(fmt::format("policy: p\nowner: o\nwhy: w\nrollout: {{limits: {{{}: {}}}}}\n"
                                     "rules:\n  - {{id: r, why: w, on: hosts, want: {{migration.enabled: true}}}}\n",
                                     row.name, value))
                          .limits.*
                      row.amount ==
                  amount_from(value));
        const std::string words = default_in_words(row), ends = words.substr(words.find("but "));
        CHECK(schema.find(fmt::format("Left out: {}%, {}.", row.percent, ends)) != std::string::npos);
    }
}

TEST_CASE("hosts that a rule names, each with its place") {
    const auto select_of = [](const std::string& on) {
        return loaded("policy: p\nowner: o\nwhy: w\nrules:\n  - {id: r, why: w, on: " + on +
                      ", want: {migration.enabled: true, delegation.unconstrained: false}}\n")
            .rules.at(0)
            .select;
    };
    const Select these = select_of("{hosts: [HV01, hv02]}");
    CHECK(these.by == Select::By::hosts);
    REQUIRE(these.hosts.size() == 2);
    CHECK(these.hosts[1].name == "hv02");
    CHECK(these.hosts[1].where.line == 5);
    CHECK(these.hosts[1].where.column == 40);
    CHECK(select_of("{except: [HV03]}").by == Select::By::all_but);
}

TEST_CASE("everything else of a policy") {
    const std::string text =
        "policy: p\nowner: o\nwhy: w\n"
        "rules:\n"
        "  - id: r\n    why: because\n    severity: critical\n    on: {name: HV0*}\n    want:\n"
        "      migration.enabled: true\n      migration.max_live: {at_least: 2, at_most: 4}\n"
        "  - {id: s, why: w, on: {migration_domain: north-a}, want: {delegation.unconstrained: false, "
        "migration.enabled: true}}\n"
        "exceptions:\n"
        "  - {host: HV09, rule: r, setting: migration.enabled, owner: j, reason: x, until: 2026-12-15T22:00:00+01:00}\n"
        "rollout: {limits: {hosts: 50%, risk: medium, paths_closed: 0}, require: probed}\n"
        "verify: {moves: {vm: fairway-canary, pairs: all, storage: true}}\n";
    const Policy policy = loaded(text);
    CHECK(policy.digest == sha256(text));
    CHECK(policy.file == "p.yaml");
    REQUIRE(policy.rules.size() == 2);
    CHECK(policy.rules[0].severity == Severity::critical);
    CHECK(policy.rules[0].select.by == Select::By::name);
    CHECK(policy.rules[0].select.pattern == "HV0*");
    CHECK(policy.rules[0].where.line == 5);
    REQUIRE(policy.rules[0].wants.size() == 3);
    CHECK(policy.rules[0].wants[0].where.line == 10);
    CHECK(policy.rules[0].wants[0].where.column == 7);
    CHECK(policy.rules[0].wants[2].comparator == Comparator::at_most);
    CHECK(policy.rules[1].severity == Severity::medium);
    CHECK(policy.rules[1].select.by == Select::By::migration_domain);
    REQUIRE(policy.exceptions.size() == 1);
    CHECK(policy.exceptions[0].until == 1797368400);
    CHECK(policy.exceptions[0].until_text == "2026-12-15T22:00:00+01:00");
    CHECK(policy.limits.hosts.percent == 50);
    CHECK(!policy.limits.hosts.count);
    CHECK(policy.limits.risk == Risk::medium);
    CHECK(policy.limits.paths_closed.count == 0);
    CHECK(policy.limits.values_removed == Amount());
    CHECK(policy.limits.probed);
    REQUIRE(policy.moves);
    CHECK(policy.moves->vms == std::vector<std::string>{"fairway-canary"});
    CHECK(policy.moves->pairs == TrialMoves::Pairs::all);
    CHECK(policy.moves->storage == TrialMoves::Storage::yes);
    CHECK(policy.moves->max_memory_mb == 1024);
    CHECK_FALSE(policy.moves->blackout);
}

TEST_CASE("the waves of a policy") {
    const auto rollout = [](const std::string& words) {
        return loaded(
                   "policy: p\nowner: o\nwhy: w\nrules:\n"
                   "  - {id: r, why: w, on: hosts, want: {migration.enabled: true}}\nrollout: " +
                   words + "\n")
            .rollout;
    };
    CHECK_FALSE(rollout("{limits: {risk: high}, require: probed}"));
    CHECK(rollout("{canary: 2, waves: [25%, 10, rest], per: migration_domain, order: name, pause_minutes: 30}") ==
          Rollout{.canary = {.count = 2},
                  .waves = {{WaveSize::By::percent, 25}, {WaveSize::By::count, 10}, {}},
                  .per = Rollout::Per::migration_domain,
                  .order = Rollout::Order::name,
                  .pause_minutes = 30});
    CHECK(rollout("{canary: {tag: pilot}, order: {tags: [a, b]}}") ==
          Rollout{.canary = {.tag = "pilot"}, .order = Rollout::Order::tags, .tags = {"a", "b"}});
    CHECK(rollout("{canary: {hosts: [HV01, HV02]}}") == Rollout{.canary = {.hosts = {"HV01", "HV02"}}});
    CHECK(rollout("{waves: [50%]}")->order == Rollout::Order::paths);
}

TEST_CASE("the rules of runs, and the gates between waves") {
    const auto policy = [](const std::string& words) {
        return loaded(
            "policy: p\nowner: o\nwhy: w\nrules:\n"
            "  - {id: r, why: w, on: hosts, want: {migration.enabled: true}}\nrollout: " +
            words + "\nverify: {moves: {vm: canary}}\n");
    };
    CHECK(policy("{limits: {risk: high}}").run_rules == RunRules());
    CHECK(policy("{window: {from: sat 22:00, until: Sunday 04:00, zone: Europe/Berlin}, max_failures: 10%, "
                 "on_failure: rollback}")
              .run_rules == RunRules{.window = *window_from("sat 22:00", "sunday 04:00", "Europe/Berlin"),
                                     .max_failures = {.percent = 10},
                                     .on_failure = OnFailure::rollback});
    CHECK(policy("{window: {from: 2026-12-05T22:00:00+01:00, until: 2026-12-06T04:00:00+01:00}, max_failures: 2}")
              .run_rules.max_failures.count == 2);
    const std::vector<Gate> usual = {Gate::replication, Gate::values, Gate::paths, Gate::idle, Gate::events};
    CHECK(policy("{canary: 1}").rollout->gates == usual);
    CHECK_FALSE(policy("{canary: 1}").rollout->trials);
    const Policy tried = policy("{canary: 1, gates: [trials, values]}");
    CHECK(tried.rollout->gates == std::vector{Gate::values, Gate::trials});  // in the order in which they are asked
    CHECK(tried.rollout->trials == tried.moves);
}

TEST_CASE("the shipped policies load, and name their schema") {
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(FAIRWAY_SOURCE_DIR "/policies")) {
        if (entry.path().extension() != ".yaml") continue;
        CAPTURE(entry.path().string());
        const auto text = read_file(entry.path().string(), 1 << 20);
        REQUIRE(text);
        CHECK(text->rfind("# yaml-language-server: $schema=policy.schema.json\n", 0) == 0);
        CHECK(loaded(*text).name == entry.path().stem().string());
        ++seen;
    }
    CHECK(seen >= 3);
}

}  // namespace fairway::policy_document_test
