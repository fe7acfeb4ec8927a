// Are documents with the former names of keys read as those with the new ones, with a warning for each?
#include "engine/policy/former_keys.hpp"

#include <doctest/doctest.h>

#include "engine/policy/inventory_document.hpp"
#include "engine/policy/inventory_shape.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/policy/policy_shape.hpp"
#include "tests/engine/policy/said.hpp"

namespace fairway::former_keys_test {
namespace {

std::string rule_on(const std::string& on) {
    return "policy: p\nowner: o\nwhy: w\nrules:\n  - {id: r, why: w, on: {" + on +
           "}, want: {migration.enabled: true}}\n";
}

std::string with_limit(const std::string& limit) {
    return "estate: e\nembedded: {file: w.json, domain: corp.example}\nhosts: {limits: {" + limit +
           "}, list: [{name: HV01}]}\n";
}

std::vector<std::string> warnings(const std::string& text, const Shape& shape) {
    auto root = parse_yaml(text, "f.yaml");
    REQUIRE(root);
    return rename_former_keys(*root, shape, "f.yaml");
}

}  // namespace

TEST_CASE("a rule may still pick a migration domain by `group`") {
    for (const char* key : {"migration_domain: north-a", "group: north-a"}) {
        const auto policy = load_policy(rule_on(key), "p.yaml");
        REQUIRE(policy);
        CHECK(policy->rules.at(0).select.by == Select::By::migration_domain);
        CHECK(policy->rules.at(0).select.pattern == "north-a");
    }
    CHECK(warnings(rule_on("group: north-a"), policy_shape()) ==
          std::vector<std::string>{
              "f.yaml:5: the key `group` is called `migration_domain` now; the old name still works"});
    CHECK(warnings(rule_on("migration_domain: north-a"), policy_shape()).empty());
}

TEST_CASE("limits may still call a migration domain `group`") {
    for (const char* key : {"migration_domain: 7", "group: 7"}) {
        const auto inventory = load_inventory(with_limit(key), "i.yaml");
        REQUIRE(inventory);
        CHECK(inventory->limits.group == 7);
    }
    CHECK(warnings(with_limit("group: 7"), inventory_shape()).size() == 1);
}

TEST_CASE("both names in one map are a mistake, and a key of the same name elsewhere stays what it is") {
    CHECK(said(load_policy(rule_on("group: a, migration_domain: b"), "p.yaml")) ==
          std::vector<std::string>{"5:26: unknown key `group` in `on` of rule `r`"});
    const std::string search =
        "estate: e\nembedded: {file: w.json, domain: corp.example}\nhosts: {found: {group: "
        "'CN=g,DC=corp,DC=example'}}\n";
    CHECK(warnings(search, inventory_shape()).empty());
}

}  // namespace fairway::former_keys_test
