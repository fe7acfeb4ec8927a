// Rules bound to hosts: peers' names, selection, exceptions, contradictions.
#include "engine/plan/desire.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/judge.hpp"
#include "tests/sample.hpp"

namespace fairway::desire_test {

namespace {

constexpr std::int64_t now = 1'800'000'000;

Policy policy_with(std::vector<RuleWant> wants, Select select = {}) {
    Policy policy;
    policy.name = "p";
    policy.file = "policy.yaml";
    Rule rule;
    rule.id = "r";
    rule.select = std::move(select);
    rule.wants = std::move(wants);
    rule.where = {3, 5};
    policy.rules = {rule};
    return policy;
}

RuleWant peers(std::vector<std::string> also = {}) {
    return {&setting::delegation_services,
            Comparator::includes,
            ComputedNames{{ServiceClass::cifs, ServiceClass::migration}, Of::peers, std::move(also)},
            {9, 7}};
}

}  // namespace

TEST_CASE("peers are the other hosts of the migration domain, by short and full name") {
    const Inventory estate = sample::inventory_and_one_alone();
    const auto desired = desire(policy_with({peers({"cifs/FS01"})}), estate, now);
    REQUIRE(desired.has_value());
    CHECK(desired->size() == 3);  // a host without peers wants nothing, rather than an empty list
    const Set& services = *as_set(desired->at({"HV02", &setting::delegation_services})[0].operand);
    CHECK(services.size() == 9);
    CHECK(services.contains("cifs/HV01"));
    CHECK(services.contains("Microsoft Virtual System Migration Service/hv03.bay.example"));
    CHECK(services.contains("cifs/FS01"));
    CHECK_FALSE(services.contains("cifs/HV02"));
}

TEST_CASE("a rule that names a host which is not there is a mistake at the name, and with searches a finding") {
    Policy policy = policy_with({{&setting::migration_enabled, Comparator::equals, Value(true), {9, 7}}},
                                {.by = Select::By::hosts, .hosts = {{"HV1", {4, 20}}}});
    Inventory estate = sample::inventory();
    const auto desired = desire(policy, estate, now);
    REQUIRE_FALSE(desired.has_value());
    REQUIRE(desired.error().size() == 1);  // and not also that the rule selects nobody
    CHECK(desired.error()[0].place.line == 4);
    CHECK(desired.error()[0].text == "rule `r` names HV1, which is no host of inventory " + estate.file);
    CHECK(desired.error()[0].hint == "did you mean `HV01`?");
    policy.rules[0].select.by = Select::By::all_but;
    CHECK_FALSE(desire(policy, estate, now).has_value());
    estate.searches.emplace_back();
    CHECK(desire(policy, estate, now)->size() == 3);
    const std::vector<EstateFinding> findings = for_nobody(policy, estate);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].because == "the rule names HV1: no such host is listed, and the searches find none now");
}

TEST_CASE("a rule on all but some hosts and a rule on one of the others contradict each other nowhere") {
    Policy policy = policy_with({{&setting::migration_max_live, Comparator::equals, Value(std::int64_t{4}), {9, 7}}},
                                {.by = Select::By::all_but, .hosts = {{"HV03", {}}}});
    policy.rules.push_back(policy.rules[0]);
    policy.rules[1].id = "s";
    policy.rules[1].wants[0] = {&setting::migration_max_live, Comparator::equals, Value(std::int64_t{2}), {14, 7}};
    policy.rules[1].select = {.by = Select::By::hosts, .hosts = {{"HV03", {}}}};
    CHECK(desire(policy, sample::inventory(), now).has_value());
    policy.rules[1].select.hosts.push_back({"HV02", {}});
    const auto both = desire(policy, sample::inventory(), now);
    REQUIRE_FALSE(both.has_value());
    CHECK(both.error()[0].text ==
          "rule `s` (line 14) wants migration.max_live 2 on HV02, but rule `r` (line 9) wants 4; no value can be both");
}

TEST_CASE("an exception covers its setting until it ends, and then the rule applies again") {
    Policy policy = policy_with({{&setting::migration_enabled, Comparator::equals, Value(true), {9, 7}}});
    policy.exceptions = {{.host = "hv02",
                          .setting = &setting::migration_enabled,
                          .rule = "r",
                          .owner = "me",
                          .reason = "backup",
                          .until = now + 1,
                          .until_text = "soon",
                          .where = {20, 5}}};
    const auto before = desire(policy, sample::inventory(), now);
    CHECK(before->at({"HV02", &setting::migration_enabled})[0].exception == "until soon by me: backup");
    CHECK(before->at({"HV01", &setting::migration_enabled})[0].exception.empty());
    CHECK(expired(policy, now).empty());
    const auto after = desire(policy, sample::inventory(), now + 1);
    CHECK(after->at({"HV02", &setting::migration_enabled})[0].exception.empty());
    CHECK(expired(policy, now + 1).size() == 1);
}

TEST_CASE("rules that cannot agree are named with both lines, once for all hosts") {
    Policy policy = policy_with({{&setting::migration_max_live, Comparator::at_least, Value(std::int64_t{4}), {9, 7}}});
    policy.rules.push_back(policy.rules[0]);
    policy.rules[1].id = "s";
    policy.rules[1].wants[0] = {&setting::migration_max_live, Comparator::at_most, Value(std::int64_t{2}), {14, 7}};
    const auto desired = desire(policy, sample::inventory(), now);
    REQUIRE_FALSE(desired.has_value());
    REQUIRE(desired.error().size() == 1);
    CHECK(desired.error()[0].place.line == 14);
    CHECK(desired.error()[0].text ==
          "rule `s` (line 14) wants migration.max_live at most 2 on HV01, but rule `r` (line 9) wants at least 4; no "
          "value can be both");
}

TEST_CASE("a pattern that forbids what another rule demands is named with both lines") {
    Policy policy = policy_with({peers({"cifs/FS01"})});
    policy.rules.push_back(policy.rules[0]);
    policy.rules[1].id = "s";
    policy.rules[1].wants[0] = {&setting::delegation_services, Comparator::without, Value(Set({"cifs/FS*"})), {14, 7}};
    const auto desired = desire(policy, sample::inventory(), now);
    REQUIRE_FALSE(desired.has_value());
    REQUIRE(desired.error().size() == 1);
    CHECK(desired.error()[0].place.line == 14);
    CHECK(desired.error()[0].text ==
          "rule `s` (line 14) wants delegation.services nothing like cifs/FS* on HV01, but rule `r` (line 9) wants "
          "including cifs/FS01, cifs/HV02, cifs/hv02.bay.example and 6 more; no value can be both");
}

TEST_CASE("nothing but the peers' names can be demanded of a delegation list") {
    RuleWant only = peers();
    only.comparator = Comparator::within;
    const auto desired = desire(policy_with({peers(), only}), sample::inventory(), now);
    REQUIRE(desired.has_value());
    Snapshot snapshot = sample::snapshot();
    const Address address{"HV02", &setting::delegation_services};
    const Set standard = *as_set(**snapshot.at(address));
    sample::set(snapshot, "HV02", setting::delegation_services,
                unite(Key::whole, standard, Set({"cifs/HV02", "ldap/dc1", "MSSQLSvc/sql01:1433"})));
    std::size_t drifted = 0;
    for (const Finding& finding : judge(*desired, snapshot)) {
        if (finding.verdict == Verdict::compliant) continue;
        ++drifted;
        CHECK(finding.address == address);
        CHECK(finding.because == "3 beyond what is allowed: cifs/HV02, ldap/dc1, MSSQLSvc/sql01:1433");
        CHECK(finding.remedy == Value(standard));
    }
    CHECK(drifted == 1);
}

TEST_CASE("what a pattern forbids goes, is told, and is nobody else's") {
    const auto desired = desire(
        policy_with({{&setting::delegation_services, Comparator::without, Value(Set({"LDAP/*", "gc/*"})), {9, 7}}}),
        sample::inventory(), now);
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::delegation_services, Set({"cifs/HV01", "ldap/dc1", "ldap/dc1.bay.example"}));
    const std::vector<Finding> findings = judge(*desired, snapshot);
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].verdict == Verdict::compliant);
    CHECK(findings[1].verdict == Verdict::drifted);
    CHECK(findings[1].because == "2 that must not be there: ldap/dc1, ldap/dc1.bay.example");
    CHECK(findings[1].remedy == Value(Set({"cifs/HV01"})));
    CHECK(findings[1].foreign == Set({"cifs/HV01"}));
}

TEST_CASE("a rule that selects nobody, and an exception for nobody, are mistakes") {
    Policy policy = policy_with({peers()}, {Select::By::tag, "rack-z"});
    policy.exceptions = {{.host = "HV09",
                          .setting = &setting::migration_enabled,
                          .rule = {},
                          .owner = "me",
                          .reason = "x",
                          .until = now + 1,
                          .until_text = "soon",
                          .where = {20, 5}}};
    const auto desired = desire(policy, sample::inventory(), now);
    REQUIRE_FALSE(desired.has_value());
    CHECK(desired.error().size() == 2);
}

TEST_CASE("a slip in an exception's host is guessed at") {
    Policy policy = policy_with({peers()});
    policy.exceptions = {{.host = "HV0l",
                          .setting = &setting::migration_enabled,
                          .rule = {},
                          .owner = "me",
                          .reason = "x",
                          .until = now + 1,
                          .until_text = "soon",
                          .where = {20, 5}}};
    const auto desired = desire(policy, sample::inventory(), now);
    REQUIRE_FALSE(desired.has_value());
    CHECK(desired.error()[0].text == "the exception for HV0l is for no host of inventory inventory.yaml");
    CHECK(desired.error()[0].hint == "did you mean `HV01`?");
    CHECK(for_nobody(policy, sample::inventory()).empty());
}

TEST_CASE("where hosts come and go by searches, a rule or an exception for nobody now is a finding") {
    Inventory estate = sample::inventory();
    HostSearch search;
    search.tags = {"rack-a"};
    search.migration_domain = "east";
    estate.searches = {search};
    Policy policy = policy_with({peers()});
    policy.exceptions = {{.host = "HV09",
                          .setting = &setting::migration_enabled,
                          .rule = {},
                          .owner = "me",
                          .reason = "x",
                          .until = now + 1,
                          .until_text = "soon",
                          .where = {20, 5}}};
    const auto with = [&](Select select) {
        policy.rules[0].select = std::move(select);
        const bool bound = desire(policy, estate, now).has_value();
        std::vector<std::string> out = {bound ? "bound" : "refused"};
        for (const EstateFinding& one : for_nobody(policy, estate))
            out.push_back(std::string(name(one.fault)) + " " + one.object + ": " + one.because);
        return out;
    };
    using Lines = std::vector<std::string>;
    const std::string exception =
        "exception_unused HV09: the exception for HV09 (migration.enabled, by me) has no effect: no such host is "
        "listed, and the searches find none now; did you mean `HV01`?";
    const std::string rule = "rule_unused r: the rule selects none of the hosts that are listed or found now";
    CHECK(with({}) == Lines{"bound", exception});
    CHECK(with({Select::By::tag, "rack-a"}) == Lines{"bound", exception, rule});
    CHECK(with({Select::By::migration_domain, "east"}) == Lines{"bound", exception, rule});
    CHECK(with({Select::By::name, "HV7*"}) == Lines{"bound", exception, rule});
    // No search could give such a host: a slip of the pen.
    CHECK(with({Select::By::tag, "rack-z"})[0] == "refused");
    CHECK(with({Select::By::migration_domain, "peer"})[0] == "refused");
}

TEST_CASE("a host alone in its domain keeps what it has: there is nobody to want names of") {
    Inventory estate = sample::inventory();
    estate.hosts.resize(1);
    estate.domains[0].hosts.resize(1);
    RuleWant only = peers(),
             principals{&setting::delegation_allowed_principals, Comparator::equals, PeerAccounts{}, {9, 7}};
    only.comparator = Comparator::equals;
    const auto desired = desire(policy_with({only, principals}), estate, now);
    REQUIRE(desired.has_value());
    CHECK(desired->empty());
}

TEST_CASE("the accounts of peers, and of another domain with its name") {
    Inventory estate = sample::inventory();
    estate.hosts[2].account_domain = "other.example";
    const RuleWant want{&setting::delegation_allowed_principals, Comparator::includes, PeerAccounts{}, {9, 7}};
    const auto desired = desire(policy_with({want}), estate, now);
    REQUIRE(desired.has_value());
    CHECK(desired->at({"HV01", &setting::delegation_allowed_principals})[0].operand ==
          Value(Set({"HV02$", "HV03$@other.example"})));
}

}  // namespace fairway::desire_test
