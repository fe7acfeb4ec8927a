// Rules that no estate can satisfy, and rules that only look like it.
#include "engine/plan/contradictions.hpp"

#include <doctest/doctest.h>

#include "engine/policy/policy_document.hpp"

namespace fairway::contradictions_test {

namespace {

Diagnostics of(const std::string& want) {
    const std::string text =
        "policy: p\nowner: o\nwhy: w\nrules:\n  - id: r\n    why: w\n    severity: low\n    on: {name: NOBODY*}\n"
        "    want:\n      " +
        want + "\n";
    const auto policy = load_policy(text, "policy.yaml");
    REQUIRE_MESSAGE(policy, policy.error().front().text);
    return contradictions(*policy);
}

}  // namespace

TEST_CASE("a rule that asks for what it forbids is told, whatever it selects") {
    for (const char* want :
         {"migration.max_live: {at_least: 3, at_most: 2}", "migration.max_live: {equals: 3, at_most: 2}",
          "migration.networks: {equals: [10.1.0.0/16], within: [10.2.0.0/16]}",
          "delegation.services: {includes: [cifs/A], within: [cifs/B]}",
          "delegation.services: {includes: [cifs/A], without: [CIFS/*]}",
          "delegation.services: {includes: {services: [cifs, migration], of: peers}, without: [cifs/*]}",
          "delegation.services: {includes: {services: [cifs, migration], of: peers}, without: ['*']}",
          "delegation.services: {includes: {services: [cifs, migration], of: peers}, within: {services: "
          "[cifs], of: peers}}",
          "delegation.services: {equals: {services: [cifs], of: peers}, includes: [ldap/DC01]}",
          "delegation.allowed_principals: {includes: peers, within: [HV01$]}"}) {
        CAPTURE(want);
        const auto found = of(want);
        REQUIRE(found.size() == 1);
        CHECK(found[0].place.line == 10);
        CHECK(found[0].text.find("no value can be both") != std::string::npos);
    }
}

TEST_CASE("a rule that some estate satisfies is none") {
    for (const char* want :
         {"migration.max_live: {at_least: 2, at_most: 2}",
          "delegation.services: {includes: [cifs/A], within: [cifs/A, cifs/B], without: [ldap/*]}",
          "delegation.services: {includes: {services: [cifs, migration], of: peers}, within: {services: "
          "[cifs, migration], of: peers}}",
          "delegation.services: {includes: {services: [cifs], of: peers}, without: ['*/PEER*', '*/HOST*']}",
          "delegation.services: {includes: {services: [cifs], of: peers}, without: vanished}",
          "delegation.services: {includes: {services: [cifs], of: peers}, without: {vanished: [cifs]}}"}) {
        CAPTURE(want);
        CHECK(of(want).empty());
    }
}

}  // namespace fairway::contradictions_test
