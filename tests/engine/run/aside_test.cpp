// Who is passed over when a host fails: the rest of that host, and what rests on it.
#include "engine/run/aside.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "engine/run/apply.hpp"
#include "tests/one_by_one.hpp"
#include "tests/sample.hpp"

namespace fairway::aside_test {

namespace {

using enum Fate;

const Setting &list = setting::delegation_services, &enabled = setting::migration_enabled,
              &unconstrained = setting::delegation_unconstrained;

Change of(const char* host, const Setting& row, Value before, Value after) {
    return {{host, &row}, std::move(before), std::move(after), {"r"}, {}};
}

// HV01 and HV02 are in one migration domain, HV03 is in another, LONE in none.
Plan fixture() {
    Plan plan = sample::plan_with({of("HV01", enabled, false, true), of("HV02", enabled, false, true)});
    plan.phases.insert(
        plan.phases.begin(),
        {PhaseKind::directory_additions, {of("HV01", list, Set({"cifs/A"}), Set({"cifs/A", "cifs/HV02"}))}, {}, 0});
    Change gone = of("HV02", list, Set({"cifs/HV00"}), Set());
    gone.premises.add(premise("HV02", setting::delegation_vanished, Value(Set({"cifs/HV00"}))));
    plan.phases.push_back({PhaseKind::directory_removals,
                           {of("HV01", unconstrained, true, false), of("HV02", unconstrained, true, false), gone,
                            of("HV03", unconstrained, true, false), of("LONE", unconstrained, true, false)},
                           {},
                           0});
    return plan;
}

Tolerance bearing(std::size_t failures, std::map<std::string, std::string> without = {}) {
    return {failures, {}, std::move(without), {{"HV01", "west"}, {"HV02", "west"}, {"HV03", "east"}}};
}

// The estate as the plan saw it. Writes at `broken` are refused, or are answered by nobody and cannot be read any more.
struct World : Reader, OneByOne {
    explicit World(const Plan& plan) {
        for (const Phase& phase : plan.phases)
            for (const Change& change : phase.changes) {
                values.try_emplace(change.address, change.before);
                for (const auto& one : change.premises) values.try_emplace(one->address, *one->holds);
            }
    }
    std::map<Address, Value> values;
    std::map<Address, Code> broken;
    std::set<Address> dead;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses)
            out.readings.insert_or_assign(address, dead.contains(address)
                                                       ? Reading(fail(Code::unreachable, "no answer"))
                                                       : Reading(Held(values.at(address))));
        return out;
    }
    Result<void> make(const Address& address, const Value&, const Value& after) override {
        if (const auto it = broken.find(address); it != broken.end()) {
            if (it->second == Code::unreachable) dead.insert(address);
            return fail(it->second, "broken");
        }
        values[address] = after;
        return {};
    }
    std::vector<Replica> replicas() const override { return {}; }
};

Applied applied(World& world, const Tolerance& tolerance, const Plan& plan = fixture()) {
    Journal journal = *Journal::open_to_append(":memory:");
    const auto out = apply(plan, {.who = "ann", .host = "desk", .rolls_back = {}},
                           {.reader = world,
                            .writer = world,
                            .journal = journal,
                            .clock = [] { return 1'795'348'800; },
                            .tolerance = tolerance});
    REQUIRE_MESSAGE(out.has_value(), out.error().text);
    return *out;
}

}  // namespace

TEST_CASE(
    "a host that fails takes its rest with it, and removals at its peers, but no names of computers that are gone") {
    World world(fixture());
    world.broken[{"HV01", &enabled}] = Code::denied;
    const Applied out = applied(world, bearing(2));
    CHECK(out.fates == std::vector{changed, failed, changed, skipped, skipped, changed, changed, changed});
    CHECK(out.ending == Ending::failed);
    CHECK(out.because.find("broken") != std::string::npos);
    CHECK(out.left_out.size() == 2);
    CHECK(out.left_out[0].skipped);
    CHECK(out.done + out.left == out.fates.size());
}

TEST_CASE("a run stops at the host that is one too many, and several failures of one host are one") {
    World world(fixture());
    world.broken = {{{"HV01", &enabled}, Code::denied}, {{"HV02", &enabled}, Code::denied}};
    const Applied out = applied(world, bearing(2));
    CHECK(out.fates == std::vector{changed, failed, failed, skipped, skipped, unchanged, unchanged, unchanged});
    World other(fixture());
    other.broken = {{{"HV01", &enabled}, Code::denied}};
    CHECK(applied(other, bearing(1)).fates ==
          std::vector{changed, failed, unchanged, unchanged, unchanged, unchanged, unchanged, unchanged});
}

TEST_CASE("what is in doubt is told as such, and is the gravest ending") {
    World world(fixture());
    world.broken = {{{"HV01", &enabled}, Code::unreachable}, {{"HV02", &enabled}, Code::denied}};
    const Applied out = applied(world, bearing(3));
    CHECK(out.fates[1] == in_doubt);
    CHECK(out.fates[2] == failed);
    CHECK(out.ending == Ending::in_doubt);
    CHECK(out.at == Address{"HV01", &enabled});
}

TEST_CASE("a resumed run leaves out what rests on a host that is in doubt") {
    World world(fixture());
    world.broken = {{{"HV01", &enabled}, Code::unreachable}};
    Journal journal = *Journal::open_to_append(":memory:");
    const auto hands = [&] {
        return Hands{.reader = world, .writer = world, .journal = journal, .tolerance = bearing(1)};
    };
    const auto first = apply(fixture(), {.who = "ann", .host = "desk", .rolls_back = {}}, hands());
    REQUIRE(first.has_value());
    const auto again = resume(first->run, hands());
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK(again->fates == std::vector{changed, in_doubt, changed, skipped, skipped, changed, changed, changed});
    CHECK(again->ending == Ending::in_doubt);
}

TEST_CASE("hosts that the caller leaves out are passed over, and the run is not complete") {
    World world(fixture());
    const Applied out = applied(world, bearing(1, {{"HV02", "--except HV02"}}));
    CHECK(out.fates == std::vector{changed, changed, skipped, skipped, skipped, skipped, changed, changed});
    CHECK(out.ending == Ending::stopped);
    CHECK(out.left_out[0].why.text == "--except HV02");
    CHECK(out.left_out[2].why.text == "--except HV02");
    World lone(fixture());  // nothing rests on a host without paths, or of which nothing is missing
    CHECK(applied(lone, bearing(1, {{"LONE", "--except LONE"}, {"HV09", "--except HV09"}})).left == 1);
}

TEST_CASE("where nothing is left to be made there is no run") {
    World world(fixture());
    Journal journal = *Journal::open_to_append(":memory:");
    const auto none = apply(fixture(), {.who = "ann", .host = "desk", .rolls_back = {}},
                            {.reader = world,
                             .writer = world,
                             .journal = journal,
                             .tolerance = bearing(1, {{"HV01", "x"}, {"HV02", "x"}, {"HV03", "x"}, {"LONE", "x"}})});
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Code::refused);
    CHECK(journal.history()->empty());
}

TEST_CASE("a host that cannot be read before the first write is borne or refuses all") {
    World world(fixture());
    world.dead = {{"HV01", &enabled}, {"HV01", &list}};
    Journal journal = *Journal::open_to_append(":memory:");
    const auto refused = apply(fixture(), {.who = "ann", .host = "desk", .rolls_back = {}},
                               {.reader = world, .writer = world, .journal = journal, .tolerance = bearing(1)});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::unreachable);
    const Applied out = applied(world, bearing(2));
    CHECK(out.fates == std::vector{failed, failed, changed, skipped, skipped, changed, changed, changed});
    CHECK(out.ending == Ending::failed);
}

TEST_CASE("a change that rests on what is not so at another host is passed over alone, and that host counts once") {
    Plan plan = sample::plan_with(
        {of("HV01", enabled, false, true), of("HV02", enabled, false, true), of("HV03", enabled, false, true)});
    const auto names = premise("HV09", setting::account_own_names, Value(Set({"cifs/HV09"})));
    plan.phases[0].changes[0].premises.add(names);
    plan.phases[0].changes[1].premises.add(names);
    World world(plan);
    world.values[{"HV09", &setting::account_own_names}] = Set();
    const Applied out = applied(world, bearing(2), plan);
    CHECK(out.fates == std::vector{failed, failed, changed});
}

}  // namespace fairway::aside_test
