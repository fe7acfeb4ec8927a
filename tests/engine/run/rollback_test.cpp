// A run is put back in parts and as a whole, without hosts that do not answer, and beside others. That every run is put
// back whole, whatever cut it off, the laws hold.
#include "engine/run/rollback.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/one_by_one.hpp"
#include "tests/sample.hpp"

namespace fairway::rollback_test {

namespace {

Address live(const char* host) { return {host, &setting::migration_max_live}; }
Address list(const char* host) { return {host, &setting::delegation_allowed_principals}; }

Change raised(const char* host) { return {live(host), std::int64_t{2}, std::int64_t{4}, {"r"}, {}}; }
Change grown(const char* host, Set by) { return {list(host), Set(), Value(std::move(by)), {"r"}, {}}; }

// The sample's estate, of which objects may be out of reach or refuse.
struct World : Reader, OneByOne {
    std::map<Address, Held> values;
    std::set<Address> unreadable, refusing;
    std::vector<Address> written;
    std::function<void()> before_write = [] {};

    World() {
        for (const auto& [address, reading] : sample::snapshot().readings) values[address] = *reading;
    }
    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses)
            out.readings.insert_or_assign(address, unreadable.contains(address)
                                                       ? Reading(fail(Code::unreachable, "no answer"))
                                                       : Reading(values[address]));
        return out;
    }
    Result<void> make(const Address& address, const Value& before, const Value& after) override {
        std::exchange(before_write, [] {})();
        if (refusing.contains(address)) return fail(Code::denied, "no");
        if (values[address] != Held(before)) return fail(Code::stale, "somebody was faster");
        values[address] = after;
        written.push_back(address);
        return {};
    }
    std::int64_t lives(const char* host) { return std::get<std::int64_t>(*values[live(host)]); }
    Set listed(const char* host) { return *as_set(*values[list(host)]); }
};

struct Fixture {
    World world;
    Journal journal = *Journal::open_to_append(":memory:");
    Inventory inventory = sample::inventory();

    Result<Applied> applied(const PlanFile& plan, const std::string& rolls_back = {}) {
        return apply(plan, {.who = "ann", .host = "desk", .rolls_back = rolls_back},
                     {.reader = world, .writer = world, .journal = journal, .clock = [] { return 1'795'348'800; }});
    }
    std::string run_of(std::vector<Phase> phases) {
        Plan plan = sample::plan_with({});
        plan.phases = std::move(phases);
        const auto out = applied(plan);
        REQUIRE(out);
        REQUIRE(out->ending == Ending::complete);
        world.written.clear();
        return out->run;
    }
    // A list at each of two accounts; then three hosts, the first as canary.
    std::string in_waves() {
        return run_of(
            {{.kind = PhaseKind::directory_additions,
              .changes = {grown("HV01", Set({"A$", "B$"})), grown("HV02", Set({"A$", "C$"}))},
              .paths = {}},
             {.kind = PhaseKind::hosts, .changes = {raised("HV01")}, .paths = {}, .wave = 1, .canary = true},
             {.kind = PhaseKind::hosts, .changes = {raised("HV02"), raised("HV03")}, .paths = {}, .wave = 2}});
    }
    RollbackHands hands(const std::string& run) {
        return {.reader = world,
                .journal = journal,
                .inventory = inventory,
                .open_names = [] { return fail(Code::unreachable, "no forest"); },
                .apply = [this, run](const PlanFile& plan) { return applied(plan, run); }};
    }
    RolledBack back(const std::string& run, RollbackScope scope = {}) {
        world.written.clear();
        const auto out = roll_back({.run = run, .scope = std::move(scope)}, hands(run));
        REQUIRE(out);
        return *out;
    }
    RollbackScope wave(const std::string& run, std::int64_t number) {
        return {.of_waves = *addresses_of_waves(*journal.load(run), {number})};
    }
};

std::string error_of(const Result<RolledBack>& result) { return result ? "" : result.error().text; }

}  // namespace

TEST_CASE("a wave is put back alone, and later the rest, the last wave first") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    const RolledBack part = fixture.back(run, fixture.wave(run, 2));
    CHECK(part.complete());
    CHECK(fixture.world.written == std::vector{live("HV03"), live("HV02")});
    CHECK(fixture.world.lives("HV01") == 4);
    CHECK(fixture.world.listed("HV01") == Set({"A$", "B$"}));
    CHECK(fixture.back(run, fixture.wave(run, 2)).already ==
          "this part of run " + run + " was rolled back already, by run " + part.attempts[0].applied->run +
              "; nothing was changed");
    CHECK(fixture.back(run).complete());
    CHECK(fixture.world.written == std::vector{live("HV01"), list("HV02"), list("HV01")});
    CHECK_FALSE(fixture.back(run).already.empty());
}

TEST_CASE("a whole rollback goes through the waves backwards, and so does a rollback of that") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    const RolledBack back = fixture.back(run);
    const std::vector<Phase>& phases = back.first->plan->phases;
    REQUIRE(phases.size() == 3);
    CHECK(phases[0].wave == 2);
    CHECK(phases[1].wave == 1);
    CHECK(phases[1].canary);
    CHECK(phases[2].kind == PhaseKind::directory_removals);
    const std::string undone = back.attempts[0].applied->run;
    const auto reread = parse_plan(back.first->plan.bytes());
    REQUIRE(reread);
    CHECK(reread->digest() == back.first->plan.digest());
    CHECK(fixture.back(undone).complete());
    CHECK(fixture.world.written == std::vector{list("HV02"), list("HV01"), live("HV01"), live("HV03"), live("HV02")});
}

TEST_CASE("one value of lists is put back alone, and nothing is said of the others") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    fixture.world.values[list("HV01")] = Set({"A$", "theirs"});  // somebody took B$
    const RolledBack part = fixture.back(run, {.values = {"a$"}});
    CHECK(part.complete());
    CHECK(fixture.world.listed("HV01") == Set({"theirs"}));
    CHECK(fixture.world.listed("HV02") == Set({"C$"}));
    CHECK_FALSE(fixture.back(run, {.values = {"A$"}}).already.empty());
    const RolledBack taken = fixture.back(run, {.values = {"B$"}});
    CHECK(taken.attempts.empty());
    CHECK_FALSE(taken.first->conflicts());  // what the run had added is gone already
    CHECK(taken.complete());
    // With a host, only there.
    CHECK(fixture.back(run, {.only = {{"HV01"}}, .values = {"C$"}}).attempts.empty());
    CHECK(fixture.back(run, {.only = {{"HV02"}}, .values = {"C$"}}).attempts.size() == 1);
    CHECK(fixture.world.lives("HV01") == 4);
}

TEST_CASE("what does not answer is left of a wave or a value, and the same wish picks up that and nothing else") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    const std::vector<RollbackScope> scopes = {fixture.wave(run, 2), {.values = {"A$"}}, {}};
    const std::vector<std::vector<Address>> left = {{live("HV03")}, {list("HV02")}, {list("HV01"), live("HV01")}};
    for (std::size_t i = 0; i < scopes.size(); ++i) {
        CAPTURE(i);
        fixture.world.unreadable = {left[i].begin(), left[i].end()};
        const RolledBack some = fixture.back(run, scopes[i]);
        CHECK(some.left_out.size() == left[i].size());
        CHECK_FALSE(some.complete());
        CHECK_FALSE(fixture.world.written.empty());
        const RolledBack again = fixture.back(run, scopes[i]);
        CHECK(again.attempts.empty());
        CHECK(again.left_out.size() == left[i].size());
        fixture.world.unreadable.clear();
        CHECK(fixture.back(run, scopes[i]).complete());
        CHECK(std::set(fixture.world.written.begin(), fixture.world.written.end()) ==
              std::set(left[i].begin(), left[i].end()));
    }
    CHECK_FALSE(fixture.back(run).already.empty());
}

TEST_CASE("what fails is left out, and the rest is put back in a further attempt") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    fixture.world.refusing = {live("HV03")};
    const RolledBack some = fixture.back(run);
    CHECK(some.attempts.size() == 2);
    REQUIRE(some.left_out.size() == 1);
    CHECK(some.left_out[0].address == live("HV03"));
    CHECK_FALSE(some.complete());
    CHECK(fixture.world.lives("HV01") == 2);
    fixture.world.refusing.clear();
    CHECK(fixture.back(run).complete());
    CHECK(fixture.world.written == std::vector{live("HV03")});
}

TEST_CASE("nothing is written that the caller does not agree to, or that a limit forbids") {
    Fixture fixture;
    const std::string run = fixture.in_waves();
    RollbackHands hands = fixture.hands(run);
    std::size_t shown = 0;
    hands.planned = [&](const WayBack&, bool again) { shown += again ? 100 : 1; };
    hands.may_begin = [](const Plan&) { return fail(Code::refused, "not now"); };
    CHECK(error_of(roll_back({.run = run}, hands)) == "not now");
    CHECK(roll_back({.run = run, .dry = true}, hands)->first->plan->size() == 5);
    CHECK(shown == 2);
    CHECK(fixture.world.written.empty());
    CHECK(error_of(roll_back({.run = "none"}, hands)).find("none") != std::string::npos);
}

TEST_CASE("others may do the whole of it meanwhile") {
    Fixture fixture;
    const std::string run = fixture.run_of({{.kind = PhaseKind::hosts, .changes = {raised("HV01")}, .paths = {}}});
    RollbackHands hands = fixture.hands(run);
    hands.apply = [&](const PlanFile& plan) {
        fixture.world.values[live("HV01")] = std::int64_t{2};
        return fixture.applied(plan, run);
    };
    const auto back = roll_back({.run = run}, hands);
    REQUIRE(back);
    CHECK(back->overtaken);
    CHECK(back->complete());
    CHECK(fixture.world.written.empty());
}

TEST_CASE("two runs over the same values are unwound in either order") {
    for (const bool newest_first : {true, false}) {
        CAPTURE(newest_first);
        Fixture fixture;
        const std::string first = fixture.in_waves();
        const std::string second =
            fixture.run_of({{.kind = PhaseKind::hosts,
                             .changes = {{live("HV01"), std::int64_t{4}, std::int64_t{8}, {"r"}, {}}},
                             .paths = {}},
                            {.kind = PhaseKind::directory_removals,
                             .changes = {{list("HV01"), Set({"A$", "B$"}), Set({"B$"}), {"r"}, {}}},
                             .paths = {}}});
        if (!newest_first) {
            // What the second run changed is its own; all else goes.
            const RolledBack part = fixture.back(first);
            CHECK(part.first->conflicts());
            CHECK(part.left_out.empty());
            CHECK(fixture.world.lives("HV01") == 8);
            CHECK(fixture.world.lives("HV02") == 2);
            CHECK(fixture.world.listed("HV01").empty());
            CHECK(fixture.world.listed("HV02").empty());
        }
        // B$, which it found and left, went with the first run: that is named.
        CHECK(fixture.back(second).complete() == newest_first);
        CHECK(fixture.world.lives("HV01") == 4);
        CHECK(fixture.back(first).complete());
        CHECK(fixture.world.lives("HV01") == 2);
        CHECK(fixture.world.lives("HV03") == 2);
        CHECK(fixture.world.listed("HV01").empty());
    }
}

}  // namespace fairway::rollback_test
