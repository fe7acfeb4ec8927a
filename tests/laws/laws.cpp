// The laws of the design, held on generated worlds and at every point where the power can go.
// usage: laws     FAIRWAY_LAW_WORLDS (10000), FAIRWAY_LAW_SEED (of the day; printed), FAIRWAY_LAW_MINUTES (no end)
//                 FAIRWAY_LAW_LIVES=0: only the laws of plans are held, many times as fast
// A broken law prints its number and the seed of its world: FAIRWAY_LAW_SEED=… FAIRWAY_LAW_WORLDS=1 shows it again.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <random>
#include <set>

#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/verify.hpp"
#include "providers/memory/edit.hpp"
#include "providers/memory/physics.hpp"
#include "tests/laws/census.hpp"
#include "tests/laws/dead.hpp"
#include "tests/laws/exports.hpp"
#include "tests/laws/glass.hpp"
#include "tests/laws/gone.hpp"
#include "tests/laws/ground.hpp"
#include "tests/laws/hold.hpp"
#include "tests/laws/interleavings.hpp"
#include "tests/laws/parts.hpp"
#include "tests/laws/plans.hpp"
#include "tests/laws/reach.hpp"
#include "tests/laws/remedies.hpp"
#include "tests/laws/window.hpp"

namespace fairway::laws {
namespace {

struct Tally {
    std::size_t worlds = 0, changes = 0, crashes = 0, contradictory = 0, third_hands = 0, moves = 0, vanished = 0;
    std::size_t granted = 0, refused = 0, deaths = 0, places = 0, windows = 0, glasses = 0, exported = 0;
};

std::set<Address> in_doubt(const Case& c) {
    std::set<Address> out;
    for (const Finding& finding : findings_of(c))
        if (finding.verdict == Verdict::unknown) out.insert(finding.address);
    return out;
}

// --- 1, 2, 3, 8, 9, 11, 12: one undisturbed life of a world
void a_quiet_night(const Case& start, const Plan& plan, Journal& journal, Tally& tally) {
    Case c = start;
    plan_is_sound(c, plan);
    tally.vanished += only_the_gone_go(c, plan);

    LawWriter writer(c.world);
    // The prediction against the truth: after every write the paths of the real world are counted again.
    const auto paths_now = [&] { return matrices(for_any_caller(meshes(c.inventory, seen_of(c)))); };
    std::vector<Matrix> last = paths_now();
    hold(count(last) == plan.paths, "11 paths are as announced", "before any change");
    std::set<std::pair<std::size_t, std::size_t>> closed;
    writer.between = [&] {
        std::vector<Matrix> now = paths_now();
        for (std::size_t m = 0; m < now.size(); ++m)
            for (std::size_t i = 0; i < now[m].paths(); ++i)
                if (last[m].state(i) == PathState::open && now[m].state(i) != PathState::open) closed.emplace(m, i);
        last = std::move(now);
    };
    const Applied applied = apply_to(c, plan, journal, writer);
    writer.between = nullptr;
    hold(applied.ending == Ending::complete, "1 after apply every want is compliant", applied.because);
    hold(static_cast<std::int64_t>(closed.size()) <= paths_closed(plan), "11 no step closes a path unannounced",
         fmt::format("{} > {}", closed.size(), paths_closed(plan)));
    if (!plan.phases.empty())
        hold(count(last) == plan.phases.back().paths, "11 paths are as announced", "after the plan");
    tally.changes += plan.size();

    // What was in doubt may be known now: the run itself took a name from whoever had it wrongly. The next plan's.
    const std::set<Address> doubtful = in_doubt(start);
    for (const Finding& finding : findings_of(c))
        hold(finding.verdict != Verdict::drifted || doubtful.contains(finding.address),
             "1 after apply every want is compliant",
             fmt::format("{} {}: {}", finding.address.object, finding.address.setting->name, finding.because));
    the_gone_are_gone(c);
    for (const Plan left = plan_of(c); const Change* change : numbered(left))
        hold(doubtful.contains(change->address), "2 a second apply does nothing",
             fmt::format("{} {} is left", change->address.object, change->address.setting->name));

    const Desired wants = wants_of(start);
    for (const auto& [address, value] : c.world.values) {
        if (start.world.values.at(address) == value) continue;
        hold(wants.contains(address) || address.setting == &setting::host_listeners,
             "9 no change outside the addresses that a policy names",
             fmt::format("{} {}", address.object, address.setting->name));
    }
    if (plan.size() == 0) return;
    roll_back(c, applied.run, journal);
    hold(same(c.world, start.world), "3 apply then rollback gives the first world", "the worlds differ");
    hold(roll_back(c, applied.run, journal).size() == 0, "2 a second rollback does nothing", "there are changes left");
}

// --- 4: the power goes at every point; settle and roll back, or resume
void a_dark_night(const Case& start, const Plan& plan, Journal& journal, Dice& dice, Tally& tally) {
    if (plan.size() == 0) return;
    const std::size_t in_flight = 1 + dice.below(5);
    Case finished = start;
    LawWriter counter(finished.world, in_flight);
    apply_to(finished, plan, journal, counter);

    for (std::size_t point = 0; point < counter.points; ++point) {
        Case c = start;
        LawWriter writer(c.world, in_flight);
        writer.crash_at = point;
        try {
            apply_to(c, plan, journal, writer);
        } catch (const Crash&) {
        }
        ++tally.crashes;
        const std::string& run = writer.run;
        hold(!run.empty(), "4 cut the power", fmt::format("no run in the journal at point {}", point));
        if (point % 2 == 0) {
            const Applied resumed = resume_on(c, run, journal);
            hold(resumed.ending == Ending::complete && same(c.world, finished.world), "4 cut the power, resume",
                 fmt::format("point {}: {}", point, resumed.because));
        }
        roll_back(c, run, journal);
        hold(same(c.world, start.world), "4 cut the power, settle, roll back: the first world",
             fmt::format("point {}", point));
    }
    hold(journal.unfinished("lab")->empty(), "4 a run that was cut off and settled has an end", "one has none");
}

// A change that nobody's policy could have made, so that its loss is seen.
struct Meddling {
    Address address;
    Value value;          // of a scalar: what it was set to
    std::string element;  // of a set: what was added
};

Meddling meddle(memory::World& world, const Plan& plan, Dice& dice) {
    const std::vector<const Change*> changes = numbered(plan);
    const Address& address = changes[dice.below(changes.size())]->address;
    Meddling out{address, {}, {}};
    Value& held = world.values.at(address);
    if (const Set* set = as_set(held)) {
        out.element = &*address.setting == &setting::migration_networks ? "172.31.7.0/24" : "third/hand";
        held = unite(address.setting->key, *set, Set({out.element}));
        if (address.kind() == Kind::host) memory::settle_listeners(world, address.object);
    } else if (address.setting->type == Type::integer) {
        held = out.value = std::int64_t{77};
    } else if (address.setting == &setting::migration_performance) {
        held = out.value = std::string("third");
    } else {
        out.value = held;  // a switch has no third position; nothing is changed
        out.address.setting = nullptr;
    }
    return out;
}

// --- 5: somebody else changes something at every point of an apply, and after it; nothing of it is lost
void a_third_hand(const Case& start, const Plan& plan, Journal& journal, Dice& dice, Tally& tally, Census& census) {
    if (plan.size() == 0) return;
    for (int round = 0; round < 2; ++round) {
        Case c = start;
        LawWriter writer(c.world, 1 + dice.below(5));
        const std::size_t when = dice.below(3 * plan.size() + 2);
        std::size_t point = 0;
        Meddling done;
        writer.between = [&] {
            if (point++ == when) done = meddle(c.world, plan, dice);
        };
        if (round == 0 && dice.one_in(3)) {
            point = when;
            writer.between();  // before the apply even begins: a stale plan
            const Applied applied = apply_to(c, plan, journal, writer);
            if (done.address.setting != nullptr && done.element.empty())
                hold(applied.done == 0 && writer.writes == 0, "5 a stale plan is refused", "it wrote something");
            if (!done.element.empty())
                hold(applied.ending == Ending::complete, "5 a value that the plan does not name stops nothing",
                     applied.because);
        } else {
            apply_to(c, plan, journal, writer);
        }
        writer.between = nullptr;
        const auto kept = [&](std::string_view when_seen) {
            if (!done.address.setting) return;
            ++tally.third_hands;
            const Value& held = c.world.values.at(done.address);
            const Set* set = as_set(held);
            hold(set ? set->contains(done.element) : held == done.value,
                 "5 somebody else's change is never overwritten",
                 fmt::format("{} {} {}", done.address.object, done.address.setting->name, when_seen));
        };
        kept("after the apply");
        if (const std::string run = writer.run; !run.empty()) {
            if (!done.address.setting) done = meddle(c.world, plan, dice);
            census.findings(roll_back(c, run, journal).notes);
            kept("after the rollback");
        }
    }
}

// --- 10: what cannot be read is never compliant, drifted or written
void blind_spots(const Case& start, Dice& dice) {
    Case c = start;
    const std::string blind = dice.among(c.inventory.hosts).name;
    c.world.faults.push_back({.on = memory::Fault::On::read,
                              .effect = memory::Fault::Effect::unreachable,
                              .object = blind,
                              .setting = nullptr});
    for (const Finding& finding : findings_of(c))
        if (finding.address.object == blind)
            hold(finding.verdict == Verdict::unreadable, "10 an unreadable value is never compliant",
                 std::string(name(finding.verdict)));
    const Plan blindly = plan_of(c);
    for (const Phase& phase : blindly.phases)
        for (const Change& change : phase.changes) {
            hold(change.address.object != blind, "10 an unreadable value is never written",
                 change.address.setting->name.data());
            // Whoever cannot see one account does not know who is gone.
            hold(taken_as_gone(change).empty(), "10 nobody is gone by guess", change.address.object);
        }
    for (const Matrix& matrix : matrices(meshes(c.inventory, seen_of(c))))
        for (std::size_t i = 0; i < matrix.paths(); ++i) {
            const std::string &from = matrix.hosts[i / matrix.hosts.size()],
                              &to = matrix.hosts[i % matrix.hosts.size()];
            if (from != to && (from == blind || to == blind))
                hold(matrix.state(i) != PathState::open, "10 an unreadable path is never open", from + to);
        }
}

// A plan, in every order of its steps; nothing is applied.
void one_plan(std::uint64_t seed, Tally& tally) {
    Dice dice(seed);
    const Case c = make_case(dice);
    ++tally.worlds;
    if (dice.one_in(3)) an_export(c, dice, tally.exported);
    if (!desire(c.policy, c.inventory, 1'800'000'000)) return static_cast<void>(++tally.contradictory);
    const Plan plan = plan_of(c);
    plan_is_sound(c, plan);
    tally.changes += plan.size();
    tally.places += in_any_order(c, plan);
}

void one_world(std::uint64_t seed, Tally& tally, Census& census) {
    Dice dice(seed);
    const Case c = make_case(dice);
    ++tally.worlds;
    remedies(dice, c);
    blind_spots(c, dice);
    if (dice.one_in(3)) an_export(c, dice, tally.exported);
    const Moves moves = moves_of(c);
    tally.moves += moves.size();
    paths_are_true(c, moves, census);
    if (!desire(c.policy, c.inventory, 1'800'000'000)) return static_cast<void>(++tally.contradictory);
    const memory::World before = c.world;
    const Survey seen = survey_of(c);
    census.survey(seen);
    const Plan plan = plan_of(c, seen);
    if (dice.one_in(4)) tally.places += in_any_order(c, plan);
    a_blind_spot(c, seen, moves, dice, census);
    hold(same(c.world, before), "12 dry runs write nothing", "the world changed while a plan was made");
    Journal journal = open_journal();  // one for all lives of this world; each life is a run of its own
    a_quiet_night(c, plan, journal, tally);
    a_dark_night(c, plan, journal, dice, tally);
    if (dice.one_in(3)) tally.deaths += a_dead_host(c, plan, journal, dice);
    several_runs(c, plan, journal, dice);
    if (dice.one_in(3) && a_short_window(c, plan, dice)) ++tally.windows;
    if (dice.one_in(12)) tally.glasses += a_broken_glass(c, dice);
    a_third_hand(c, plan, journal, dice, tally, census);
    a_homecoming(c, plan, journal, dice);
    a_lost_ground(c, seen, plan, journal, dice, census);
    const ReachTally reach = a_hostile_directory(c, dice, census);
    tally.granted += reach.granted;
    tally.refused += reach.refused;
}

// So many worlds meet everything that can be met, whatever the seed.
constexpr std::uint64_t enough_for_a_census = 2000;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

int is_broken(const std::string& what, std::uint64_t seed) {
    fmt::print("BROKEN{}\n  again: FAIRWAY_LAW_SEED={} FAIRWAY_LAW_WORLDS=1\n", what, seed);
    return 1;
}

}  // namespace
}  // namespace fairway::laws

int main() {
    using namespace fairway::laws;
    const std::uint64_t seed = number_from("FAIRWAY_LAW_SEED", std::random_device{}());
    const std::uint64_t worlds = number_from("FAIRWAY_LAW_WORLDS", 10'000);
    fmt::print("laws: seed {}, {} worlds\n", seed, worlds);
    std::fflush(stdout);
    const bool lives = number_from("FAIRWAY_LAW_LIVES", 1) > 0;
    const std::chrono::minutes budget(number_from("FAIRWAY_LAW_MINUTES", 0));
    const auto taken = [begin = std::chrono::steady_clock::now()] { return std::chrono::steady_clock::now() - begin; };
    Tally tally;
    Census census;
    for (std::uint64_t i = 0; i < worlds && (budget.count() == 0 || taken() < budget); ++i) {
        try {
            if (lives) one_world(seed + i, tally, census);
            else one_plan(seed + i, tally);
        } catch (const Broken& broken) {
            return is_broken(fmt::format(" law {}: {}", broken.law, broken.because), seed + i);
        } catch (const std::exception& e) {
            return is_broken(fmt::format(": {}", e.what()), seed + i);
        }
    }
    if (tally.worlds < worlds) fmt::print("not tried within the budget: {} worlds\n", worlds - tally.worlds);
    fmt::print(
        "held: {} worlds ({} with contradictory rules), {} changes, {} power cuts, {} deaths, {} changes by others, {} "
        "moves, {} vanished, {} pairs granted and {} names refused on hostile directories, {} places, {} windows that "
        "ended, {} break-glass runs, {} exported rules, {:.1f} s\n",
        tally.worlds, tally.contradictory, tally.changes, tally.crashes, tally.deaths, tally.third_hands, tally.moves,
        tally.vanished, tally.granted, tally.refused, tally.places, tally.windows, tally.glasses, tally.exported,
        std::chrono::duration<double>(taken()).count());
    if (!lives) return 0;
    fmt::print("{}\n", census.text());
    if (tally.worlds < enough_for_a_census) return 0;
    if (tally.windows == 0) return is_broken(": no window ended in the middle of a run", seed);
    const std::vector<std::string> never = census.complaints();
    for (const std::string& one : never) fmt::print("BROKEN census: {}\n", one);
    return never.empty() ? 0 : 1;
}
