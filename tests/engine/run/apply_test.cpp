// Which replicas the journal names for a run that is continued at another one; and lists that others edit while a run
// writes. The rest of apply is the laws'.
#include "engine/run/apply.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/one_by_one.hpp"
#include "tests/sample.hpp"

namespace fairway::apply_test {

namespace {

const Replica first{"bay.example", "dc01", "a"}, second{"bay.example", "dc02", "b"}, east{"east.example", "dc07", "c"};
const Address account{"HV01", &setting::delegation_unconstrained}, other{"HV02", &setting::delegation_unconstrained},
    host{"HV01", &setting::migration_enabled}, list{"HV01", &setting::delegation_services};

// Two accounts and a host, read and written at the replicas of the moment; writes are refused where it says so.
struct World : Reader, OneByOne {
    std::map<Address, Value> values{{account, true}, {other, true}, {host, false}, {list, Set({"x"})}};
    std::vector<Replica> at{first, east};
    std::optional<Address> refused;
    std::vector<Value> edits;  // of the list, one before each write
    std::size_t stale = 0;     // writes that came too late
    bool complains = false;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses) {
            const auto it = values.find(address);
            out.readings.insert_or_assign(address, it == values.end() ? Held(std::int64_t{0}) : Held(it->second));
        }
        return out;
    }
    Result<void> make(const Address& address, const Value& before, const Value& after) override {
        if (address == refused) return fail(Code::denied, "no");
        if (!edits.empty()) {  // somebody is faster
            values[address] = edits.front();
            edits.erase(edits.begin());
        }
        if (const Set* held = as_set(values[address]); held && values[address] != before) {
            ++stale;
            return fail(Code::stale, fmt::format("{} values are there", held->size()));
        }
        if (complains) {
            values[address] = after;
            return fail(Code::refused, "the job ended in an exception");
        }
        values[address] = after;
        return {};
    }
    std::vector<Replica> replicas() const override { return at; }
};

struct Fixture {
    World world;
    Journal journal = *Journal::open_to_append(":memory:");
    std::int64_t now = 1'795'348'800;

    Hands hands() {
        return {.reader = world, .writer = world, .journal = journal, .clock = [this] { return now; }};
    }
    // Applies `changes` until the write at `stuck` is refused.
    std::string begun(std::vector<Change> changes, const Address& stuck) {
        world.refused = stuck;
        const auto applied =
            apply(sample::plan_with(std::move(changes)),
                  {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = world.replicas()}, hands());
        REQUIRE(applied);
        CHECK(applied->ending == Ending::failed);
        world.refused.reset();
        return applied->run;
    }
    Run resumed(const std::string& run) {
        const auto applied = resume(run, hands());
        REQUIRE(applied);
        return *journal.load(run);
    }
};

const Change to_account{account, true, false, {"r"}, {}}, to_other{other, true, false, {"r"}, {}},
    to_host{host, false, true, {"r"}, {}};

}  // namespace

TEST_CASE("a run that is gone on with at another replica is of both from its first write there") {
    Fixture fixture;
    const std::string run = fixture.begun({to_account, to_other}, other);
    CHECK(fixture.journal.load(run)->replicas == std::vector{first, east});
    fixture.world.at = {second, east};
    CHECK(fixture.resumed(run).replicas == std::vector{first, east, second});
}

TEST_CASE("it is told when the write is about to be sent, so that a cut after it leaves it known") {
    Fixture fixture;
    const std::string run = fixture.begun({to_account, to_other}, other);
    fixture.world.at = {second, east};
    struct Cut {};
    Hands hands = fixture.hands();
    hands.on_event = [](const Event& event) {
        if (event.kind == Event::Kind::intended) throw Cut();
    };
    CHECK_THROWS_AS(static_cast<void>(resume(run, std::move(hands))), Cut);
    CHECK(last_replicas(*fixture.journal.load(run)) == std::vector{second, east});
    // Gone on with once more at the same one: told once.
    CHECK(fixture.resumed(run).replicas == std::vector{first, east, second});
}

TEST_CASE("back again, it is told again, for the last one of a domain is where the run stands") {
    Fixture fixture;
    const std::string run = fixture.begun({to_account, to_other}, other);
    fixture.world.at = {second, east};
    fixture.world.refused = other;
    CHECK(fixture.resumed(run).end == "failed");
    fixture.world.at = {first, east};
    fixture.world.refused.reset();
    CHECK(fixture.resumed(run).replicas == std::vector{first, east, second, first});
}

TEST_CASE("where it was, and where only hosts are left, nothing is told") {
    Fixture fixture;
    const std::string stays = fixture.begun({to_account, to_other}, other);
    CHECK(fixture.resumed(stays).replicas == std::vector{first, east});
    Fixture hosts;
    const std::string run = hosts.begun({to_account, to_host}, host);
    hosts.world.at = {second, east};
    const Run whole = hosts.resumed(run);
    CHECK(whole.end == "complete");
    CHECK(whole.replicas == std::vector{first, east});
}

TEST_CASE("a change of a list is laid over what others left, by compare and swap") {
    const Plan plan = sample::plan_with({{list, Set({"old", "x"}), Set({"mine", "x"}), {"r"}, {}}});
    const auto applied = [&](Fixture& fixture) {
        return apply(plan, {.who = "ann", .host = "desk", .rolls_back = {}}, fixture.hands());
    };
    Fixture fixture;
    fixture.world.values[list] = Set({"old", "theirs"});
    fixture.world.edits = {Set({"old", "more"}), Set({"OLD", "more", "x"})};
    auto done = applied(fixture);
    REQUIRE(done);
    CHECK(done->ending == Ending::complete);
    CHECK(fixture.world.stale == 2);
    CHECK(fixture.world.values[list] == Value(Set({"mine", "more", "x"})));
    REQUIRE(done->remarks.size() == 1);
    CHECK(done->remarks[0].moved ==
          "others changed other values since the plan was made, and that stays: came more; went none");

    Fixture taken;  // of its own values one goes between reading and writing
    taken.world.values[list] = Set({"old", "x"});
    taken.world.edits = {Set({"x"})};
    done = applied(taken);
    REQUIRE(done);
    CHECK(done->ending == Ending::failed);
    CHECK(done->untouched);
    CHECK(done->because ==
          "computer HV01 delegation.services: came since the plan was made: none; went: old; 1 values are there");
    CHECK(taken.world.values[list] == Value(Set({"x"})));
    CHECK(taken.journal.load(done->run)->steps.at(0).outcome == Outcome::not_done);

    Fixture race;  // somebody is always faster
    race.world.values[list] = Set({"old", "x"});
    for (int i = 0; i < 100; ++i) race.world.edits.push_back(Set({"old", fmt::format("n{}", i)}));
    done = applied(race);
    REQUIRE(done);
    CHECK(done->ending == Ending::failed);
    CHECK(race.world.stale == 5);
}

TEST_CASE("what others add must leave room") {
    std::vector<std::string> many;
    for (int i = 0; i < 1199; ++i) many.push_back(fmt::format("s{:04}", i));
    Fixture fixture;
    fixture.world.values[list] = Set(many);
    const Plan plan = sample::plan_with({{list, Set({"s0000"}), Set({"a", "b", "s0000"}), {"r"}, {}}});
    const auto applied = apply(plan, {.who = "ann", .host = "desk", .rolls_back = {}}, fixture.hands());
    REQUIRE_FALSE(applied);
    CHECK(applied.error().code == Code::stale);
    CHECK(applied.error().text.find("it would have 1201 values, and 1200 are the most") != std::string::npos);
}

TEST_CASE("a host that complains though the value is there is quoted, in the journal too") {
    Fixture fixture;
    fixture.world.complains = true;
    std::string told;
    Hands hands = fixture.hands();
    hands.on_event = [&](const Event& event) { told += event.complaint; };
    const auto done =
        apply(sample::plan_with({to_host}), {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands));
    REQUIRE(done);
    CHECK(done->ending == Ending::complete);
    CHECK(told == "the job ended in an exception");
    CHECK(done->remarks.at(0).complaint == told);
    CHECK(fixture.journal.load(done->run)->steps.at(0).note == told);
}

namespace {

// Notes in which order things happen; writes go out together, and the last one is answered first.
struct Together : World {
    std::vector<std::string> log;
    std::size_t readings = 0;

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        ++readings;
        return World::read(addresses, progress);
    }
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        log.push_back(fmt::format("{} writes", writes.size()));
        std::vector<std::size_t> begun;
        for (std::size_t i = writes.size(); i-- > 0;) {
            if (!may_begin()) {
                answered(i, std::nullopt);
                continue;
            }
            log.push_back("write " + writes[i].address.object);
            answered(i, make(writes[i].address, writes[i].before, writes[i].after));
        }
    }
};

struct InFlight {
    Together world;
    Journal journal = *Journal::open_to_append(":memory:");

    Result<Applied> apply(std::vector<Change> changes, std::size_t in_flight, std::size_t failures = 1) {
        Hands hands{.reader = world, .writer = world, .journal = journal, .clock = [] { return 1'795'348'800; }};
        hands.in_flight = in_flight;
        hands.tolerance.failures = failures;
        hands.on_event = [this](const Event& event) {
            if (event.kind == Event::Kind::intended) world.log.push_back("intent " + event.change->address.object);
            if (event.kind == Event::Kind::recorded) world.log.push_back("outcome " + event.change->address.object);
        };
        return fairway::apply(sample::plan_with(std::move(changes)), {.who = "ann", .host = "desk", .rolls_back = {}},
                              std::move(hands));
    }
    std::string outcomes(const std::string& run) {
        std::string out;
        const Run whole = *journal.load(run);
        for (const Step& step : whole.steps)
            out += fmt::format("{} {} {}\n", step.number, step.outcome ? name(*step.outcome) : "open", step.note);
        return out;
    }
};

const Address third{"HV03", &setting::delegation_unconstrained};
const Change to_third{third, true, false, {"r"}, {}}, to_list{list, Set({"x"}), Set({"x", "y"}), {"r"}, {}};

}  // namespace

TEST_CASE("changes of different objects are in flight together, those of one object keep their order") {
    InFlight run;
    run.world.values[third] = true;
    const auto applied = run.apply({to_account, to_list, to_other, to_third}, 8);
    REQUIRE(applied);
    CHECK(applied->ending == Ending::complete);
    // The intents of all are durable before the first is sent.
    CHECK(run.world.log == std::vector<std::string>{"intent HV01", "intent HV02", "intent HV03", "3 writes",
                                                    "write HV03", "write HV02", "write HV01", "outcome HV01",
                                                    "outcome HV02", "outcome HV03", "intent HV01", "1 writes",
                                                    "write HV01", "outcome HV01"});
    CHECK(run.world.readings == 1 + 2 * 2);  // before all, and around each batch
    InFlight one;
    one.world.values[third] = true;
    REQUIRE(one.apply({to_account, to_other, to_third}, 1)->ending == Ending::complete);
    CHECK(one.world.log[1] == "1 writes");
}

TEST_CASE("no more than are allowed are in flight") {
    InFlight run;
    run.world.values[third] = true;
    REQUIRE(run.apply({to_account, to_other, to_third}, 2)->ending == Ending::complete);
    CHECK(std::count(run.world.log.begin(), run.world.log.end(), "2 writes") == 1);
    CHECK(std::count(run.world.log.begin(), run.world.log.end(), "1 writes") == 1);
}

TEST_CASE("after a failure nothing begins, and what did not begin is settled") {
    InFlight run;
    run.world.values[third] = true;
    run.world.refused = other;
    const auto applied = run.apply({to_account, to_other, to_third}, 8);
    REQUIRE(applied);
    CHECK(applied->ending == Ending::failed);
    CHECK(applied->at == other);
    CHECK(applied->done == 1);  // HV03, which was sent first
    CHECK(run.world.values[account] == Value(true));
    CHECK(applied->fates == std::vector{Fate::unchanged, Fate::failed, Fate::changed});
    CHECK(run.outcomes(applied->run) == "1 not_done no\n2 done \n");
    run.world.refused.reset();
    CHECK(resume(applied->run, {.reader = run.world, .writer = run.world, .journal = run.journal, .in_flight = 8})
              ->ending == Ending::complete);

    InFlight bearing;  // two may fail
    bearing.world.values[third] = true;
    bearing.world.refused = other;
    const auto rest = bearing.apply({to_account, to_other, to_third}, 8, 2);
    REQUIRE(rest);
    CHECK(rest->fates == std::vector{Fate::changed, Fate::failed, Fate::changed});
}

TEST_CASE("what is due after a phase is waited for before the next, and again by who goes on") {
    const auto waits = [](std::vector<std::string>& log, const std::optional<Stop>& ends) {
        return [&log, ends](const Phase& done, const std::string&, Latest) {
            log.push_back(title(done));
            return ends;
        };
    };
    Plan plan = sample::plan_with({to_account});
    plan.phases.push_back(plan.phases.front());
    plan.phases[1].kind = PhaseKind::hosts;
    plan.phases[1].changes = {to_host};
    plan.phases[0].then.minutes = 1;
    plan.phases[1].then.minutes = 1;  // nothing comes after it
    Fixture fixture;
    std::vector<std::string> log;
    Hands hands = fixture.hands();
    hands.wait = waits(log, Stop{Stop::Reason::asked, {Code::refused, "stopped while waiting"}});
    const auto stopped = apply(plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands));
    REQUIRE(stopped);
    CHECK(stopped->ending == Ending::stopped);
    CHECK(stopped->because == "stopped while waiting");
    CHECK(stopped->reason == Stop::Reason::asked);
    CHECK(stopped->fates == std::vector{Fate::changed, Fate::unchanged});
    CHECK(log == std::vector{title(plan.phases[0])});
    Hands again = fixture.hands();
    again.wait = waits(log, {});
    REQUIRE(resume(stopped->run, std::move(again))->ending == Ending::complete);
    CHECK(log.size() == 2);
}

}  // namespace fairway::apply_test
