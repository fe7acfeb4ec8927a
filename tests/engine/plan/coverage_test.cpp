// Which hosts a command is about: words, who is left out, and what is still judged of the others.
#include "engine/plan/coverage.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/identity.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/scope.hpp"
#include "tests/sample.hpp"

namespace fairway::coverage_test {

namespace {

Inventory three() {
    Inventory out = sample::inventory();
    out.hosts[0].tags = {"old"};
    out.hosts[1].tags = {"old", "rack-a"};
    return out;
}

std::vector<HostWord> words(const std::vector<std::string>& given) { return *host_words(given); }

// "HV01: why; HV02: why", of those that are not covered.
std::string left_out(const Inventory& inventory) {
    std::string out;
    for (const Host& host : inventory.hosts)
        if (!host.not_covered.empty()) out += (out.empty() ? "" : "; ") + host.name + ": " + host.not_covered;
    return out;
}

std::string covered(std::vector<std::string> only, std::vector<std::string> except) {
    Inventory inventory = three();
    const auto done = cover(inventory, words(only), words(except));
    return done ? left_out(inventory) : done.error().text;
}

Policy peers_policy() {
    Policy out;
    Rule rule;
    rule.id = "r";
    rule.wants = {{&setting::delegation_services,
                   Comparator::includes,
                   ComputedNames{{ServiceClass::cifs, ServiceClass::migration}, Of::peers, {}},
                   {9, 7}},
                  {&setting::migration_enabled, Comparator::equals, Value(true), {10, 7}}};
    out.rules = {rule};
    return out;
}

}  // namespace

TEST_CASE("hosts are named by name, pattern, tag or migration domain; commas stand between words") {
    CHECK(covered({}, {}) == "");
    CHECK(covered({}, {"hv03"}) == "HV03: --except hv03");
    CHECK(covered({}, {"tag:old"}) == "HV01: --except tag:old; HV02: --except tag:old");
    CHECK(covered({}, {"tag:rack-a,HV03"}) == "HV02: --except tag:rack-a; HV03: --except HV03");
    CHECK(covered({"HV0?"}, {"HV01"}) == "HV01: --except HV01");
    CHECK(covered({"HV01", "HV02"}, {}) == "HV03: not among --host HV01,HV02");
    CHECK(covered({"migration_domain:west"}, {}) == "");
}

TEST_CASE("a migration domain may still be given as domain:NAME") {
    const auto words = host_words({"domain:west"});
    REQUIRE(words);
    CHECK(words->at(0).text == "migration_domain:west");
    CHECK(covered({"domain:west"}, {}) == "");
    CHECK(covered({"domain:bay"}, {}) == "inventory.yaml has no host migration_domain:bay");
}

TEST_CASE("a word that fits no host is a mistake, and so is leaving nobody") {
    CHECK(covered({}, {"HV0"}) == "inventory.yaml has no host HV0 (did you mean `HV01`?)");
    CHECK(covered({"tag:Old"}, {}) == "inventory.yaml has no host tag:Old (did you mean `old`?)");
    CHECK(covered({"migration_domain:bay"}, {}) == "inventory.yaml has no host migration_domain:bay");
    CHECK(covered({}, {"*"}) == "no host of inventory.yaml is left with --except *");
    CHECK(covered({"HV01"}, {"tag:old"}) == "no host of inventory.yaml is left with --host HV01 --except tag:old");
    for (const char* bad : {"", ",", "HV01,", "tag:", "migration_domain:", "domain:", "rack:a", "tag:a:b"})
        CHECK_FALSE(host_words({bad}));
}

TEST_CASE("a host that is left out is neither judged nor counted, but its peers are still given delegation to it") {
    Inventory inventory = three();
    REQUIRE(cover(inventory, {}, words({"HV03"})));
    const auto desired = desire(peers_policy(), inventory, 0);
    REQUIRE(desired);
    CHECK(desired->size() == 4);
    CHECK_FALSE(desired->contains({"HV03", &setting::migration_enabled}));
    CHECK(as_set(desired->at({"HV01", &setting::delegation_services})[0].operand)->contains("cifs/HV03"));
    const std::vector<Address> asked = scope(*desired, inventory);
    CHECK(std::none_of(asked.begin(), asked.end(),
                       [](const Address& one) { return one.object == "HV03" && one.kind() == Kind::host; }));
    CHECK(std::find(asked.begin(), asked.end(), Address{"HV03", &setting::account_dns_name}) != asked.end());
    const PathCount paths = count(matrices(meshes(inventory, sample::snapshot())));
    CHECK(paths.open == 2);
    CHECK(paths.unknown == 0);
}

TEST_CASE("nothing is asked of a migration domain that no covered host is in") {
    Inventory inventory = three();
    inventory.hosts[2].domain = "east";
    inventory.domains = {{.name = "west", .hosts = {"HV01", "HV02"}, .where = {}},
                         {.name = "east", .hosts = {"HV03"}, .where = {}}};
    REQUIRE(cover(inventory, {}, words({"HV03"})));
    for (const Address& one : scope(*desire(peers_policy(), inventory, 0), inventory)) CHECK(one.object != "HV03");
    CHECK(without_peers(peers_policy(), inventory, 0).empty());
}

TEST_CASE("a found computer that was not asked what it is gets nothing new") {
    Inventory inventory = three();
    inventory.hosts[2].found = true;
    REQUIRE(cover(inventory, {}, words({"HV03"})));
    const Doubts doubtful = doubts(inventory, {}, sample::snapshot());
    REQUIRE(doubtful.hosts.contains("HV03"));
    CHECK(doubtful.hosts.at("HV03").only_new);
    CHECK(doubtful.hosts.at("HV03").why.text.find("(--except HV03)") != std::string::npos);
}

TEST_CASE("hosts that cannot be read are left out by choice, with the cause without their names") {
    Inventory inventory = three();
    Snapshot snapshot = sample::snapshot();
    const Desired desired = *desire(peers_policy(), inventory, 0);
    CHECK_FALSE(leave_unreadable(inventory, desired, snapshot));
    for (const char* host : {"HV01", "HV03"})
        snapshot.readings.insert_or_assign(Address{host, &setting::migration_enabled},
                                           fail(Code::unreachable, std::string(host) + ": no route"));
    CHECK(leave_unreadable(inventory, desired, snapshot));
    const std::vector<NotCovered> all = not_covered(inventory);
    REQUIRE(all.size() == 1);
    CHECK(all[0] == NotCovered{"no route", {"HV01", "HV03"}});
}

TEST_CASE("a plan keeps who is not covered, and a later command takes it from there") {
    Inventory inventory = three();
    REQUIRE(cover(inventory, {}, words({"tag:old"})));
    const Plan made = plan({}, {}, sample::snapshot(), inventory);
    CHECK(made.not_covered == std::vector<NotCovered>{{"--except tag:old", {"HV01", "HV02"}}});
    const auto read = parse_plan(print_plan(made));
    REQUIRE(read);
    CHECK((*read)->not_covered == made.not_covered);
    Inventory later = three();
    cover_like(later, (*read)->not_covered);
    CHECK(left_out(later) == left_out(inventory));
}

TEST_CASE("who was left out by choice is told from who could not be read") {
    Inventory inventory = three();
    REQUIRE(cover(inventory, words({"HV01", "HV02"}), words({"HV02"})));
    for (Host& host : inventory.hosts)
        if (host.name == "HV01") host.not_covered = "no route";
    const std::vector<NotCovered> all = not_covered(inventory), chosen = by_choice(all);
    CHECK(all.size() == 3);
    CHECK(chosen == std::vector<NotCovered>{{"--except HV02", {"HV02"}}, {"not among --host HV01,HV02", {"HV03"}}});
}

}  // namespace fairway::coverage_test
