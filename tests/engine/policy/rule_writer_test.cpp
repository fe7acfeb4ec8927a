// Rules as text, and which wants a document can say.
#include "engine/policy/rule_writer.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/policy/policy_document.hpp"

namespace fairway::rule_writer_test {

namespace {

RuleWant equals(const Setting& row, Operand operand) { return {&row, Comparator::equals, std::move(operand), {}}; }

}  // namespace

TEST_CASE("a rule is written for people, and read as the same") {
    Rule rule;
    rule.id = "odd-1";
    rule.why = "1 of 3 hosts: \"this\", and # that";
    rule.severity = Severity::high;
    rule.select = {.by = Select::By::all_but, .hosts = {{"HV01", {}}, {"HV02", {}}}};
    rule.wants = {equals(setting::migration_enabled, Value(true)),
                  equals(setting::migration_networks, Value(Set({"10.20.0.0/24 metric 5", "fd00::/64"}))),
                  equals(setting::delegation_services,
                         ComputedNames{{ServiceClass::cifs, ServiceClass::migration}, Of::peers, {"cifs/FS01"}}),
                  equals(setting::delegation_allowed_principals, PeerAccounts()),
                  {&setting::migration_max_live, Comparator::at_least, Value(std::int64_t{2}), {}}};
    Rule all;
    all.id = "all";
    all.why = "w";
    all.wants = {equals(setting::migration_networks, Value(Set({"any"})))};
    const std::string text = print_rules({rule, all});
    CHECK(text == R"(rules:
  - id: odd-1
    why: "1 of 3 hosts: \"this\", and # that"
    severity: high
    on: {except: [HV01, HV02]}
    want:
      migration.enabled: true
      migration.networks: {subnets: [10.20.0.0/24 metric 5, fd00::/64]}
      delegation.services: {equals: {services: [cifs, migration], of: peers, also: [cifs/FS01]}}
      delegation.allowed_principals: {equals: peers}
      migration.max_live: {at_least: 2}

  - id: all
    why: w
    severity: medium
    on: hosts
    want: {migration.networks: any}
)");
    const auto policy = load_policy("policy: p\nowner: o\nwhy: w\n" + text, "p.yaml");
    REQUIRE(policy.has_value());
    REQUIRE(policy->rules.size() == 2);
    CHECK(policy->rules[0].why == rule.why);
    CHECK(policy->rules[0].select.hosts.size() == 2);
    CHECK(policy->rules[0].wants.size() == rule.wants.size());
}

TEST_CASE("what a document can say, and what not") {
    const Setting &services = setting::delegation_services, &networks = setting::migration_networks;
    struct Row {
        RuleWant want;
        bool sayable;
    };
    const Row rows[] = {
        {equals(services, Value(Set())), true},
        {equals(services, Value(Set({"cifs/HV01", "MSSQLSvc/sql01:1433"}))), true},
        {equals(services, Value(Set({"no name"}))), false},
        {equals(services, Value(Set({"cifs/a\nb"}))), false},
        {equals(services, Value(Set({"cifs/\xff"}))), false},
        {equals(services, ComputedNames{{ServiceClass::cifs}, Of::peers, {"cifs/x", "nonsense"}}), false},
        {{&services, Comparator::includes, Value(Set()), {}}, false},  // asks for nothing
        {equals(networks, Value(Set({"any"}))), true},
        {equals(networks, Value(Set({"any", "10.0.0.0/8"}))), false},
        {equals(networks, Value(Set({"10.0.0.1/8"}))), false},  // host bits
        {equals(networks, Value(Set())), true},
        {equals(setting::migration_max_live, Value(std::int64_t{1000})), true},
        {equals(setting::migration_max_live, Value(std::int64_t{1001})), false},
        {equals(setting::migration_authentication, Value(std::string("kerberos"))), true},
        {equals(setting::migration_authentication, Value(std::string("ntlm"))), false},
        {equals(setting::spn_migration, Value(Set({"cifs/HV01"}))), false},
        {equals(setting::spn_migration, ComputedNames{{ServiceClass::migration}, Of::self, {}}), true},
        {equals(setting::delegation_allowed_principals, Value(Set({"HV01$", "S-1-5-21-1-2-3-1104"}))), true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.want.setting->name);
        CAPTURE(&row - rows);
        CHECK(can_say(row.want) == row.sayable);
    }
}

}  // namespace fairway::rule_writer_test
