// See parts.hpp.
#include "tests/laws/parts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "engine/model/host_facts.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/run/later.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

// What each address holds: the keys of a list, or the one value in words.
using State = std::map<Address, std::set<std::string>>;

State state_of(const memory::World& world) {
    State out;
    for (const auto& [address, value] : world.values) {
        if (address.setting == &setting::host_listeners) continue;  // follows from the others
        out[address] =
            as_set(value) ? keys(*address.setting, value) : std::set<std::string>{show(*address.setting, value)};
    }
    return out;
}

void same_state(const State& is, const State& wanted, std::string_view law, const std::string& when) {
    for (const auto& [address, values] : wanted)
        hold(is.at(address) == values, law, fmt::format("{} {} {}", address.object, address.setting->name, when));
}

// A part of a run as somebody may name it; what is empty names nothing.
struct Part {
    std::string host, setting, element;

    bool names(const Address& address) const {
        return (host.empty() || host == address.object) && (setting.empty() || setting == address.setting->name);
    }
    RollbackScope scope() const {
        RollbackScope out;
        if (!host.empty()) out.only = {host};
        if (!setting.empty()) out.settings = {setting};
        if (!element.empty()) out.values = {element};
        return out;
    }
};

Part some_part(const Plan& plan, Dice& dice) {
    const Change& change = *dice.among(numbered(plan));
    const Address& address = change.address;
    Part out;
    if (dice.one_in(2)) out.host = address.object;
    if (dice.one_in(2)) out.setting = address.setting->name;
    if (!as_set(change.before) || dice.one_in(2)) return out;
    std::vector<std::string> changed;
    const auto was = keys(*address.setting, change.before), is = keys(*address.setting, change.after);
    std::set_symmetric_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(changed));
    if (!changed.empty()) out.element = dice.among(changed);
    return out;
}

void put_back(State& state, const State& first, const Part& part) {
    for (auto& [address, values] : state) {
        if (!part.names(address)) continue;
        if (part.element.empty()) values = first.at(address);
        else if (address.setting->type != Type::set) continue;
        else if (first.at(address).contains(part.element)) values.insert(part.element);
        else values.erase(part.element);
    }
}

// Of two runs the first is undone: what the second changed stays, all else is as it was.
State without_first(const State& first, const State& between, const State& last) {
    State out = first;
    for (auto& [address, values] : out) {
        const auto &before = between.at(address), &after = last.at(address);
        if (address.setting->type != Type::set) {
            if (before != after) values = after;
            continue;
        }
        for (const auto* some : {&before, &after})
            for (const std::string& element : *some) {
                if (before.contains(element) == after.contains(element)) continue;
                if (after.contains(element)) values.insert(element);
                else values.erase(element);
            }
    }
    return out;
}

// 16
void two_runs(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    Case c = start;
    LawWriter first(c.world);
    static_cast<void>(apply_to(c, plan, journal, first));
    const Case finished = c;
    roll_back(c, first.run, journal);
    LawWriter second(c.world);
    static_cast<void>(apply_to(c, plan, journal, second));
    hold(same(c.world, finished.world), "16 a plan may be applied again after its rollback", "the worlds differ");
    const Run run = *journal.load(first.run);
    const Undone gone = undone(run, *later_runs(run, journal));
    hold(gone.all && gone.by.size() == 1 && gone.again == std::vector{second.run}, "16 who undid a run is known",
         fmt::format("{} of them", gone.by.size()));
    roll_back(c, first.run, journal);
    hold(same(c.world, finished.world), "16 a rollback never undoes a later run", "the second run was undone");
    if (dice.one_in(2)) roll_back(c, first.run, journal);
    roll_back(c, second.run, journal);
    hold(same(c.world, start.world), "16 the later run is undone by its own rollback", "the worlds differ");
}

// 20
void in_parts(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    Case c = start;
    LawWriter writer(c.world, 1 + dice.below(5));
    static_cast<void>(apply_to(c, plan, journal, writer));
    const State first = state_of(start.world);
    State wanted = state_of(c.world);
    for (std::size_t parts = 1 + dice.below(3); parts > 0; --parts) {
        const Part part = some_part(plan, dice);
        put_back(wanted, first, part);
        for (int times = 0; times < 2; ++times) roll_back(c, writer.run, journal, part.scope());
        same_state(state_of(c.world), wanted, "20 a part is put back, and nothing else",
                   fmt::format("of host `{}`, setting `{}`, value `{}`", part.host, part.setting, part.element));
    }
    roll_back(c, writer.run, journal);
    hold(same(c.world, start.world), "20 the whole puts back what its parts left", "the worlds differ");
    hold(roll_back(c, writer.run, journal).size() == 0, "20 the whole puts back what its parts left", "more is left");
}

// 21
void in_either_order(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    Case c = start;
    LawWriter first(c.world);
    static_cast<void>(apply_to(c, plan, journal, first));
    const memory::World between = c.world;
    c.policy = make_policy(dice, c.inventory);
    LawWriter second(c.world);
    const Plan more = plan_of(c);
    if (more.size() == 0) return;
    static_cast<void>(apply_to(c, more, journal, second));
    if (dice.one_in(2)) {
        const State last = state_of(c.world);
        roll_back(c, first.run, journal);
        same_state(state_of(c.world), without_first(state_of(start.world), state_of(between), last),
                   "21 of the first run goes what the second did not change", "");
    }
    roll_back(c, second.run, journal);
    roll_back(c, first.run, journal);
    hold(same(c.world, start.world), "21 two runs are unwound in either order", "the worlds differ");
}

}  // namespace

void several_runs(const Case& start, const Plan& plan, Journal& journal, Dice& dice) {
    if (plan.size() == 0) return;
    two_runs(start, plan, journal, dice);
    in_parts(start, plan, journal, dice);
    if (dice.one_in(3)) in_either_order(start, plan, journal, dice);
}

}  // namespace fairway::laws
