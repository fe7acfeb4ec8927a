// See glass.hpp.
#include "tests/laws/glass.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/run/term.hpp"
#include "providers/memory/physics.hpp"
#include "tests/laws/dead.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::string_view glass_law = "23 a break-glass run ends by itself";
constexpr std::int64_t begin_s = 1'800'000'000, hour_s = 3600;  // the clock of worlds.cpp stands
// Later than any write of the opening may still arrive, so that only what is left keeps a run open.
constexpr std::int64_t end_s = begin_s + 2 * hour_s, later_end_s = begin_s + 3 * hour_s;
constexpr std::int64_t nothing_arrives_s = later_end_s + 2 * hour_s;  // no write that was never answered arrives then

// As policies/credssp-emergency.yaml has it; for others to set, in half of them also one of three words.
Policy emergency_policy(Dice& dice) {
    Policy out;
    out.name = "credssp-emergency";
    Rule rule;
    rule.id = "credssp-for-now";
    rule.wants = {
        {.setting = &setting::migration_enabled, .comparator = Comparator::equals, .operand = Value(true), .where = {}},
        {.setting = &setting::migration_authentication,
         .comparator = Comparator::equals,
         .operand = Value(std::string("credssp")),
         .where = {}}};
    if (dice.one_in(2))
        rule.wants.push_back({.setting = &setting::migration_performance,
                              .comparator = Comparator::equals,
                              .operand = Value(std::string("smb")),
                              .where = {}});
    out.rules = {rule};
    return out;
}

// Of some hosts; mostly by the shipped policy, else by any.
Plan emergency(const Case& c, Dice& dice) {
    Case of = c;
    of.policy = dice.one_in(3) ? make_policy(dice, c.inventory) : emergency_policy(dice);
    of.rollout.reset();
    if (!desire(of.policy, of.inventory, begin_s)) return {};
    std::vector<std::string> names;
    for (const Host& host : c.inventory.hosts)
        if (dice.one_in(2)) names.push_back(host.name);
    if (!names.empty()) static_cast<void>(cover(of.inventory, *host_words(names), {}));
    return plan_of(of);
}

// One life of a world, with a journal of its own.
struct Glass {
    Case c;
    std::string what;
    Journal journal = open_journal();
    std::vector<LeftOut> left;  // of the last expiry

    Glass(const Case& start, std::string words) : c(start), what(std::move(words)) {}

    std::string open(const Plan& plan, LawWriter& writer) {
        try {
            apply_to(c, plan, journal, writer, Term{.until = end_s, .reason = "the KDC is broken"});
        } catch (const Crash&) {
        }
        return writer.run;
    }
    void extend(std::int64_t end) {
        const auto runs = *termed_runs(journal, begin_s);
        for (const Termed& one : runs)
            hold(journal.extend(one.run.id, {.until = end, .reason = "still broken", .at = begin_s}).has_value(),
                 glass_law, what + ": it is not extended");
    }
    // What `fairway expire` does; whether it came to its end.
    bool expire(std::int64_t now, LawWriter& writer) {
        left.clear();
        auto runs = *termed_runs(journal, now);
        std::reverse(runs.begin(), runs.end());
        try {
            for (const Termed& one : runs) {
                if (one.state != TermState::past) continue;
                settle_others(one.run.id);
                const RolledBack back = go_back(c, one.run.id, journal, writer);
                left.insert(left.end(), back.left_out.begin(), back.left_out.end());
                const auto over = over_after(back, one.run.id, journal, "law", "lab", now);
                hold(over.has_value(), glass_law, over ? "" : over.error().text);
            }
        } catch (const Crash&) {
            return false;
        }
        return true;
    }
    // As each command does that writes.
    void settle_others(const std::string& run) {
        LawReader reader(c);
        const std::vector<std::string> unfinished = *journal.unfinished("lab");
        for (const std::string& id : unfinished)
            if (id != run)
                hold(settle_run(id, reader, journal, [] { return begin_s; }).has_value(), glass_law,
                     what + ": not settled");
    }
    std::size_t expire(std::int64_t now) {
        LawWriter writer(c.world);
        expire(now, writer);
        return writer.points;
    }
    bool all_over(std::int64_t now) const {
        const auto runs = *termed_runs(journal, now);
        return std::all_of(runs.begin(), runs.end(), [](const Termed& one) { return one.state == TermState::over; });
    }
    // Nothing is left, and another call does nothing.
    void is_over(const memory::World& wanted) {
        is(wanted);
        expire(nothing_arrives_s);
        hold(all_over(nothing_arrives_s), glass_law, what + ": a run is not over");
        hold(journal.unfinished("lab")->empty(), glass_law, what + ": a run has no end");
        hold(expire(nothing_arrives_s) == 0, glass_law, what + ": there is something to do after the end");
        is(wanted);
    }
    void is(const memory::World& wanted) const {
        for (const auto& [address, value] : wanted.values)
            hold(c.world.values.at(address) == value, glass_law,
                 fmt::format("{}: {} of {} is {}, not {}", what, address.setting->name, address.object,
                             show(*address.setting, c.world.values.at(address)), show(*address.setting, value)));
    }
};

// Opened, perhaps a second one over it, perhaps extended; how many points the opening and the expiry have.
std::pair<std::size_t, std::size_t> left_alone(const Case& start, const Plan& plan, std::size_t in_flight, Dice& dice) {
    Glass it(start, "undisturbed");
    LawWriter first(it.c.world, in_flight);
    const std::string run = it.open(plan, first);
    if (const Plan more = emergency(it.c, dice); dice.one_in(3) && more.size() > 0) {
        LawWriter second(it.c.world, in_flight);
        it.open(more, second);
    }
    const std::int64_t end = dice.one_in(2) ? later_end_s : end_s;
    if (end == later_end_s) it.extend(end);
    const memory::World opened = it.c.world;
    hold(it.expire(end - 1) == 0 && same(it.c.world, opened), glass_law, "it ends before its end");
    const std::size_t points = it.expire(end);
    hold(it.all_over(end), glass_law, "after one call it is not over");
    it.is_over(start.world);
    return {first.points, points};
}

// Killed at that point of the opening, and its first expiry at that one.
void killed(const Case& start, const Plan& plan, std::size_t in_flight, std::size_t opening, std::size_t expiry) {
    Glass it(start, fmt::format("killed at point {}, its expiry at {}", opening, expiry));
    LawWriter first(it.c.world, in_flight), second(it.c.world, in_flight);
    first.crash_at = opening;
    second.crash_at = expiry;
    it.open(plan, first);
    it.expire(end_s, second);
    it.expire(end_s);
    it.is_over(start.world);
}

// A host dies at some point of the opening or of its first expiry, and lives again.
void with_a_dead_host(const Case& start, const Plan& plan, std::size_t in_flight, std::size_t opening,
                      std::size_t expiry, Dice& dice) {
    const std::string host = dice.among(numbered(plan))->address.object;
    Glass it(start, fmt::format("{} dies, {} points", host, opening));
    const std::size_t when = dice.below(opening + expiry);
    std::size_t point = 0;
    LawWriter first(it.c.world, in_flight), second(it.c.world, in_flight);
    first.between = second.between = [&] {
        if (point++ == when) kill(it.c.world, host);
    };
    it.open(plan, first);
    it.expire(end_s, second);
    bool anything = false;
    for (const auto& [address, value] : start.world.values) {
        if (it.c.world.values.at(address) == value || address.setting == &setting::host_listeners) continue;
        anything = true;
        hold(std::any_of(it.left.begin(), it.left.end(),
                         [&](const LeftOut& one) { return one.address.object == address.object; }),
             glass_law,
             fmt::format("{}: {} of {} is left and nobody says so", it.what, address.setting->name, address.object));
    }
    hold(!anything || !it.all_over(end_s), glass_law, it.what + ": it is over, and something is left");
    revive(it.c.world);
    it.expire(end_s);
    it.is_over(start.world);
}

// Somebody else sets a value that the run changes, at some point of the opening or of its first expiry.
void with_a_third_hand(const Case& start, const Plan& plan, std::size_t in_flight, std::size_t opening,
                       std::size_t expiry, Dice& dice) {
    const Change& change = *dice.among(numbered(plan));
    const Address& address = change.address;
    memory::World wanted = start.world;
    const std::size_t when = dice.below(opening + expiry);
    std::size_t point = 0;
    Glass it(start, fmt::format("somebody sets {} of {} at point {} of {}", address.setting->name, address.object, when,
                                opening));
    LawWriter first(it.c.world, in_flight), second(it.c.world, in_flight);
    const auto put = [&](memory::World& world, const Value& value) {
        world.values.at(address) = value;
        if (address.kind() == Kind::host) memory::settle_listeners(world, address.object);
    };
    first.between = second.between = [&] {
        if (point++ != when) return;
        const Value held = it.c.world.values.at(address);
        if (const Set* set = as_set(held)) {
            const Set theirs({&*address.setting == &setting::migration_networks ? "172.31.7.0/24" : "third/hand"});
            put(it.c.world, unite(address.setting->key, *set, theirs));
            put(wanted, unite(address.setting->key, *as_set(wanted.values.at(address)), theirs));
        } else if (const Value theirs = make_value(dice, *address.setting, it.c.inventory);
                   theirs != held && theirs != change.after) {  // the run's own value set anew looks like its work
            put(it.c.world, theirs);
            put(wanted, theirs);
        }
    };
    it.open(plan, first);
    it.expire(end_s, second);
    first.between = second.between = nullptr;
    it.expire(end_s);
    it.is_over(wanted);
}

}  // namespace

std::size_t a_broken_glass(const Case& start, Dice& dice) {
    const Plan plan = emergency(start, dice);
    if (plan.size() == 0) return 0;
    const std::size_t in_flight = 1 + dice.below(3);
    const auto [opening, expiry] = left_alone(start, plan, in_flight, dice);
    with_a_dead_host(start, plan, in_flight, opening, expiry, dice);
    with_a_third_hand(start, plan, in_flight, opening, expiry, dice);
    if (!dice.one_in(4)) return 3;
    for (std::size_t point = 0; point < opening; ++point) killed(start, plan, in_flight, point, dice.below(expiry + 1));
    return 3 + opening;
}

}  // namespace fairway::laws
