// May a change begin? Outside of a window nothing does, and no phase for which too little of it is left.
#include "engine/run/phase_start.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>

#include "engine/model/migration_settings.hpp"
#include "tests/one_by_one.hpp"
#include "tests/sample.hpp"

namespace fairway::phase_start_test {

namespace {

constexpr std::int64_t start = 1'795'348'800;

// Hosts that take a minute for each write, by both clocks.
struct Slow : Reader, OneByOne {
    std::map<Address, Value> values;
    std::int64_t now_ms = start * 1000;
    std::vector<std::int64_t> begun;  // seconds at which writes began
    std::int64_t write_ms = 60'000;

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses) out.readings.insert_or_assign(address, Held(values.at(address)));
        return out;
    }
    Result<void> make(const Address& address, const Value&, const Value& after) override {
        begun.push_back(now_ms / 1000);
        now_ms += write_ms;
        values[address] = after;
        return {};
    }
};

struct Rolled {
    Slow world;
    Journal journal = *Journal::open_to_append(":memory:");
    Plan plan = sample::plan_with({});
    std::vector<std::string> asked;
    Latest asked_until = 0;
    std::map<std::string, std::optional<Stop>> gates;  // by title of the phase before

    // Waves of so many hosts.
    explicit Rolled(const std::vector<std::size_t>& sizes) {
        plan.phases.clear();
        plan.rollout = Rollout{.canary = {.count = 1}};
        std::size_t host = 0;
        for (const std::size_t size : sizes) {
            Phase& phase = plan.phases.emplace_back();
            phase.kind = PhaseKind::hosts;
            phase.wave = static_cast<std::int64_t>(plan.phases.size());
            phase.then.gates = {Gate::values};
            for (std::size_t i = 0; i < size; ++i) {
                const Address address{fmt::format("HV{:02}", ++host), &setting::migration_enabled};
                world.values[address] = false;
                phase.changes.push_back({address, false, true, {"r"}, {}});
            }
        }
        plan.phases.back().then.gates.clear();
    }

    Hands hands(std::optional<Span> window) {
        return {.reader = world,
                .writer = world,
                .journal = journal,
                .clock = [this] { return world.now_ms / 1000; },
                .steady_ms = [this] { return world.now_ms; },
                .ask_gates =
                    [this](const Phase& done, const Phase&, const std::string&, Latest latest) {
                        asked.push_back(title(done));
                        asked_until = latest;
                        return gates[title(done)];
                    },
                .window = window,
                .in_flight = 1};
    }
    Result<Applied> apply(std::optional<Span> window, Amount of_phase = {}) {
        Hands all = hands(window);
        if (of_phase.any()) all.tolerance = {.failures = 1'000, .of_phase = of_phase, .without = {}, .domains = {}};
        return fairway::apply(plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(all));
    }
};

Span minutes(std::int64_t from, std::int64_t until) { return {start + from * 60, start + until * 60}; }

}  // namespace

TEST_CASE("outside of its window no run begins") {
    for (const Span window : {minutes(5, 60), minutes(-60, 0)}) {
        Rolled rolled({1, 2});
        const auto applied = rolled.apply(window);
        REQUIRE_FALSE(applied);
        CHECK(applied.error().code == Code::refused);
        CHECK(rolled.journal.history()->empty());
        CHECK(rolled.world.begun.empty());
    }
}

TEST_CASE("a run begins only if its first wave and undoing it fit into the window") {
    Rolled short_one({1, 2});
    CHECK_FALSE(short_one.apply(minutes(0, 1)));  // a minute is assumed for a round, and one to undo it
    CHECK(short_one.world.begun.empty());
    Rolled long_one({1, 2});
    CHECK(long_one.apply(minutes(0, 2)));
}

TEST_CASE("a wave begins only if it and undoing everything still fit") {
    // One host, then two: a minute for each. The second wave needs two minutes, and three to undo all.
    Rolled fits({1, 2});
    const auto whole = fits.apply(minutes(0, 6));
    REQUIRE(whole);
    CHECK(whole->ending == Ending::complete);
    REQUIRE(whole->estimates.size() == 2);
    CHECK(whole->estimates[0].second.assumed);
    CHECK_FALSE(whole->estimates[1].second.assumed);
    CHECK(whole->estimates[1].second.phase_ms == 120'000);
    CHECK(whole->estimates[1].second.undo_ms == 180'000);

    Rolled too_short({1, 2});
    const auto stopped = too_short.apply(minutes(0, 5));
    REQUIRE(stopped);
    CHECK(stopped->ending == Ending::stopped);
    CHECK(stopped->reason == Stop::Reason::window);
    CHECK(stopped->done == 1);
    CHECK(stopped->because.find("wave 2 would take about 2m and undoing everything 3m") != std::string::npos);
    // In the next window it goes on.
    Hands next = too_short.hands(minutes(0, 60));
    CHECK(resume(stopped->run, std::move(next))->ending == Ending::complete);
}

TEST_CASE("a window that ended in a pause: no gate is asked") {
    Rolled rolled({1, 2});
    rolled.plan.phases.front().then.minutes = 60;
    Hands hands = rolled.hands(minutes(0, 30));
    hands.wait = [&](const Phase&, const std::string&, Latest) {
        rolled.world.now_ms += 3'600'000;
        return std::nullopt;
    };
    const auto applied =
        fairway::apply(rolled.plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands));
    REQUIRE(applied);
    CHECK(applied->reason == Stop::Reason::window);
    CHECK(rolled.asked.empty());
}

TEST_CASE("waits and gates know when the next phase has to begin, so that it and undoing everything fit") {
    for (const bool ends : {true, false}) {
        Rolled rolled({1, 2});
        rolled.plan.phases.front().then.directory = true;
        Hands hands = rolled.hands(ends ? std::optional(minutes(0, 30)) : std::nullopt);
        Latest told = 0;
        hands.wait = [&](const Phase&, const std::string&, Latest latest) {
            told = latest;
            return std::nullopt;
        };
        CHECK(fairway::apply(rolled.plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands)));
        // Two hosts, a minute each, and three to undo.
        CHECK(told == (ends ? start + 25 * 60 : any_time));
        CHECK(rolled.asked_until == told);
    }
}

TEST_CASE("a pause after which the window has no room is not begun") {
    // One host, then two, a minute each; behind the first a pause of 10 minutes.
    for (const std::int64_t ends : {15, 16}) {
        Rolled rolled({1, 2});
        rolled.plan.phases.front().then.minutes = 10;
        bool waited = false;
        Hands hands = rolled.hands(minutes(0, ends));
        hands.pause_end = [](const Phase&, const std::string&) { return start + 11 * 60; };
        hands.wait = [&](const Phase&, const std::string&, Latest) {
            waited = true;
            rolled.world.now_ms = (start + 11 * 60) * 1000;
            return std::nullopt;
        };
        const auto applied =
            fairway::apply(rolled.plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands));
        REQUIRE(applied);
        CHECK(waited == (ends == 16));
        CHECK((applied->ending == Ending::complete) == (ends == 16));
        if (ends == 15) CHECK(applied->reason == Stop::Reason::window);
    }
}

TEST_CASE("a window is overrun by no more than what is in flight") {
    for (const std::size_t in_flight : {1u, 8u}) {
        Rolled rolled({1, 5});
        rolled.world.write_ms = 100;  // measured in the first wave, and then it is slow
        Hands hands = rolled.hands(minutes(0, 3));
        hands.in_flight = in_flight;
        hands.on_event = [&](const Event& event) {
            if (event.kind == Event::Kind::phase_begins && event.phase->wave == 2) rolled.world.write_ms = 100'000;
        };
        const auto applied =
            fairway::apply(rolled.plan, {.who = "ann", .host = "desk", .rolls_back = {}}, std::move(hands));
        REQUIRE(applied);
        CHECK(applied->reason == Stop::Reason::window);
        CHECK(applied->done == 3);
        for (const std::int64_t at : rolled.world.begun) CHECK(at < start + 180);
    }
}

TEST_CASE("a writer knows when the window ends") {
    struct Noting : Writer {
        explicit Noting(Writer& writer) : of(writer) {}
        void write_all(std::span<const Write> writes, const MayBegin& may_begin,
                       const WriteAnswered& answered) override {
            ends.push_back(may_begin.until());
            of.write_all(writes, may_begin, answered);
        }
        Writer& of;
        std::vector<MayBegin::Clock::time_point> ends;
    };
    Rolled rolled({1, 2});
    Noting noting(rolled.world);
    const auto run = [&](std::optional<Span> window) {
        const Hands all = rolled.hands(window);
        return fairway::apply(rolled.plan, {.who = "ann", .host = "desk", .rolls_back = {}},
                              {.reader = rolled.world,
                               .writer = noting,
                               .journal = rolled.journal,
                               .clock = all.clock,
                               .steady_ms = all.steady_ms,
                               .window = window});
    };
    const auto began = MayBegin::Clock::now();
    REQUIRE(run(minutes(0, 60)));
    REQUIRE(noting.ends.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {  // a minute of the run's clock for each write
        const auto left = noting.ends[i] - began - std::chrono::minutes(60 - i);
        CHECK(left >= std::chrono::seconds(0));
        CHECK(left < std::chrono::seconds(30));
    }
    for (auto& [address, value] : rolled.world.values) value = false;
    REQUIRE(run({}));
    CHECK(noting.ends.back() == MayBegin::Clock::time_point::max());
}

TEST_CASE("a gate that is not passed ends the run there, and who goes on asks it again") {
    Rolled rolled({1, 1, 1});
    rolled.gates["wave 2"] = Stop{Stop::Reason::gate, {Code::refused, "not passed"}};
    const auto failed = rolled.apply({});
    REQUIRE(failed);
    CHECK(failed->ending == Ending::failed);
    CHECK(failed->reason == Stop::Reason::gate);
    CHECK(failed->done == 2);
    CHECK(rolled.asked == std::vector<std::string>{"wave 1", "wave 2"});
    rolled.gates.clear();
    CHECK(resume(failed->run, rolled.hands({}))->ending == Ending::complete);
    CHECK(rolled.asked.back() == "wave 2");  // those of the last wave that is done
    CHECK(rolled.asked.size() == 3);
}

TEST_CASE("hosts that fail are counted in each wave, as a number or a share of it") {
    const auto fail_at = [](Rolled& rolled, const std::string& host) {
        rolled.world.values.at({host, &setting::migration_enabled}) = std::int64_t{7};  // no longer as the plan saw it
    };
    Rolled share({2, 10});
    fail_at(share, "HV03");
    fail_at(share, "HV04");
    const auto borne = share.apply({}, {.percent = 30});  // three of ten are too many
    REQUIRE(borne);
    CHECK(borne->done == 10);
    CHECK_FALSE(borne->reason);  // nothing ended it
    Rolled number({2, 10});
    fail_at(number, "HV03");
    fail_at(number, "HV04");
    CHECK_FALSE(number.apply({}, {.count = 2}));  // known before the first write
    Rolled few({2, 2});
    fail_at(few, "HV01");
    CHECK_FALSE(few.apply({}, {.percent = 30}));  // one host of two is more than a share of it allows
}

TEST_CASE("the windows of a plan and of the command line hold both") {
    const Window plan = *window_from("2026-12-05T22:00:00Z", "2026-12-06T04:00:00Z", ""),
                 narrower = *window_from("2026-12-05T23:00:00Z", "2026-12-06T05:00:00Z", ""),
                 other = *window_from("2026-12-07T22:00:00Z", "2026-12-08T04:00:00Z", "");
    const auto both = common_span(std::array{plan, narrower}, 0);
    REQUIRE(both);
    CHECK(show_time((*both)->from) == "2026-12-05T23:00:00Z");
    CHECK(show_time((*both)->until) == "2026-12-06T04:00:00Z");
    CHECK_FALSE(common_span(std::array{plan, other}, 0));
    CHECK_FALSE(common_span(std::array{plan}, start * 2));
    CHECK_FALSE(common_span({}, 0)->has_value());
}

}  // namespace fairway::phase_start_test
