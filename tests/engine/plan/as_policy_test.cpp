// What is there, as rules: groups, their names, and what no rule says.
#include "engine/plan/as_policy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::as_policy_test {

namespace {

// With what paths do not need.
Snapshot whole_world() {
    Snapshot out = sample::snapshot();
    for (const char* host : {"HV01", "HV02", "HV03"})
        sample::set(out, host, setting::migration_max_storage, std::int64_t{2});
    return out;
}

bool everything_can_be_said(const RuleWant&) { return true; }

const SaidRule* rule_for(const AsPolicy& said, const Setting& row, const std::string& host) {
    for (const SaidRule& one : said.rules)
        for (const RuleWant& want : one.rule.wants)
            if (want.setting == &row && std::find(one.hosts.begin(), one.hosts.end(), host) != one.hosts.end())
                return &one;
    return nullptr;
}

const RuleWant& want_in(const SaidRule& said, const Setting& row) {
    for (const RuleWant& want : said.rule.wants)
        if (want.setting == &row) return want;
    FAIL("no want of " << row.name);
    return said.rule.wants.front();
}

std::vector<std::string> ids(const AsPolicy& said) {
    std::vector<std::string> out;
    for (const SaidRule& one : said.rules) out.push_back(one.rule.id);
    return out;
}

}  // namespace

TEST_CASE("hosts that are equal get one rule, and their accounts one") {
    const AsPolicy said = as_policy(sample::inventory(), whole_world(), {}, everything_can_be_said);
    CHECK(ids(said) == std::vector<std::string>{"all-hosts", "all-computers"});
    CHECK(said.rules[0].rule.why == "3 of 3 hosts have this.");
    CHECK(said.rules[0].rule.select.by == Select::By::all);
    const auto* names = std::get_if<ComputedNames>(&want_in(said.rules[1], setting::delegation_services).operand);
    REQUIRE(names);
    CHECK(names->services.size() == 2);
    CHECK(names->of == Of::peers);
    CHECK(names->also.empty());
}

TEST_CASE("one rule for most hosts and one for each odd group; equal hosts share a rule") {
    Snapshot world = whole_world();
    sample::set(world, "HV02", setting::migration_authentication, std::string("credssp"));
    sample::set(world, "HV02", setting::delegation_unconstrained, true);
    sample::set(world, "HV03", setting::migration_max_live, std::int64_t{7});
    const AsPolicy said = as_policy(sample::inventory(), world, {}, everything_can_be_said);
    CHECK(ids(said) ==
          std::vector<std::string>{"all-hosts", "all-computers", "common-1", "common-2", "odd-1", "odd-2"});
    const SaidRule& odd = *rule_for(said, setting::migration_authentication, "HV02");
    CHECK(odd.share == Share::odd);
    CHECK(odd.rule.wants.size() == 2);  // of the host and of its account
    CHECK(odd.rule.select.by == Select::By::hosts);
    CHECK(odd.rule.select.hosts.front().name == "HV02");
    const SaidRule& common = *rule_for(said, setting::migration_authentication, "HV01");
    CHECK(common.hosts == std::vector<std::string>{"HV01", "HV03"});
    CHECK(common.rule.select.by == Select::By::all_but);
    CHECK(common.rule.select.hosts.front().name == "HV02");
    CHECK(odd.rule.why == "1 of 3 hosts has this, unlike what " + common.rule.id + " wants.");
}

TEST_CASE("what was not read, is not there or is in doubt is listed, and no rule has it") {
    Snapshot world = whole_world();
    world.readings.insert_or_assign(Address{"HV01", &setting::migration_enabled}, fail(Code::unreachable, "no route"));
    world.readings.insert_or_assign(Address{"HV02", &setting::migration_max_live}, Held());
    Doubts doubts;
    doubts.hosts["HV03"] = {.why = {Code::refused, "another account has its name"}, .names = {}, .account = true};
    const AsPolicy said = as_policy(sample::inventory(), world, doubts, everything_can_be_said);
    CHECK_FALSE(rule_for(said, setting::migration_enabled, "HV01"));
    CHECK(rule_for(said, setting::migration_enabled, "HV02")->rule.select.by == Select::By::all_but);
    CHECK_FALSE(rule_for(said, setting::migration_max_live, "HV02"));
    CHECK_FALSE(rule_for(said, setting::delegation_services, "HV03"));
    CHECK(rule_for(said, setting::migration_max_live, "HV03"));  // what a host says of itself is no account's
    REQUIRE(said.not_said.size() == 7);
    CHECK(said.not_said[0].because == "no route");
    CHECK(said.not_said[0].unread);
    CHECK(said.not_said[1].because == "is not there");
    CHECK_FALSE(said.not_said[1].unread);
    CHECK(said.not_said[2].because == "whose account it is, is in doubt: another account has its name");
    doubts.hosts["HV03"].only_new = true;  // nothing contradicts what is there
    CHECK(as_policy(sample::inventory(), world, doubts, everything_can_be_said).not_said.size() == 2);
}

TEST_CASE("of a list, what no rule can say stays where it is, and is listed") {
    Snapshot world = whole_world();
    sample::set(world, "HV01", setting::delegation_services, Set({"bad", "cifs/FS01"}));
    const auto can_say = [](const RuleWant& want) {
        const auto* value = std::get_if<Value>(&want.operand);
        const Set* set = value ? as_set(*value) : nullptr;
        return !set || !set->contains("bad");
    };
    const AsPolicy said = as_policy(sample::inventory(), world, {}, can_say);
    const RuleWant& want = want_in(*rule_for(said, setting::delegation_services, "HV01"), setting::delegation_services);
    CHECK(want.comparator == Comparator::includes);  // `equals` would take the other one away
    CHECK(std::get<Value>(want.operand) == Value(Set({"cifs/FS01"})));
    REQUIRE(said.not_said.size() == 1);
    CHECK(said.not_said[0].because == "has bad, which no rule can want");
}

TEST_CASE("no rule gives an account the names of another host") {
    Snapshot world = whole_world();
    const std::string stolen = "Microsoft Virtual System Migration Service/HV02";
    sample::set(world, "HV01", setting::spn_migration, Set({stolen}));
    const AsPolicy said = as_policy(sample::inventory(), world, {}, everything_can_be_said);
    CHECK_FALSE(rule_for(said, setting::spn_migration, "HV01"));
    REQUIRE(said.not_said.size() == 1);
    CHECK(said.not_said[0].because == "has " + stolen + ", of another host: no rule can want that");
}

}  // namespace fairway::as_policy_test
