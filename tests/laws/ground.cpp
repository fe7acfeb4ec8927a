// See ground.hpp.
#include "tests/laws/ground.hpp"

#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/verify.hpp"
#include "providers/memory/physics.hpp"
#include "tests/laws/hold.hpp"

namespace fairway::laws {
namespace {

constexpr std::string_view premises_law = "17 what a plan rests on is asked again";

memory::Fault unreachable(const std::string& object, const Setting* row) {
    return {
        .on = memory::Fault::On::read, .effect = memory::Fault::Effect::unreachable, .object = object, .setting = row};
}

// Makes the premise wrong in the world, without the engine's idea of what it is made of.
void spoil(memory::World& world, const Premise& premise) {
    const Setting& fact = *premise.address.setting;
    const auto put = [&](Value value) { world.values.insert_or_assign(premise.address, std::move(value)); };
    if (&fact == &setting::host_cluster) return put(std::string("CLU02"));
    if (&fact == &setting::host_running_migrations) return put(std::int64_t{2});
    if (&fact == &setting::account_sid) return put(std::string("S-1-5-21-9-9-9-9"));
    // Of names: a stranger holds one of them.
    const std::string name(*as_set(*premise.holds)->begin());
    world.others.push_back({.dn = "CN=thief", .account = "thief", .dns = {}, .object_class = "user", .names = {name}});
}

void hide(memory::World& world, const Premise& premise) {
    const bool worked_out = premise.address.setting->worked_out;
    world.faults.push_back(worked_out ? unreachable(the_forest, nullptr)
                                      : unreachable(premise.address.object, premise.address.setting));
}

Reading read_one(const Case& c, const Address& address) {
    LawReader reader(c);
    return reader.read(std::span(&address, 1)).at(address);
}

Census::Ground ground(const Premise& premise, const Case& c) {
    const Reading reading = read_one(c, premise.address);
    if (!reading) return Census::Ground::unread;
    return broken(premise, reading) ? Census::Ground::broken : Census::Ground::holds;
}

// By the fact first, so that a rare one has its turn.
const Premise* a_premise_of(const Plan& plan, Dice& dice) {
    std::map<std::string_view, std::vector<const Premise*>> by_fact;
    for (const Change* change : numbered(plan))
        for (const auto& premise : change->premises) by_fact[premise->address.setting->name].push_back(premise.get());
    if (by_fact.empty()) return nullptr;
    auto it = by_fact.begin();
    std::advance(it, dice.below(by_fact.size()));
    return dice.among(it->second);
}

// By the setting first, as above; those that decide over others oftener.
Address an_address_of(const Snapshot& snapshot, Dice& dice) {
    std::map<std::string_view, std::vector<Address>> by_setting, gates;
    for (const auto& [address, reading] : snapshot.readings) {
        by_setting[address.setting->name].push_back(address);
        const bool gate = address.setting == &setting::host_cluster || address.setting->worked_out;
        if (gate) gates[address.setting->name].push_back(address);
    }
    const auto& pool = !gates.empty() && dice.one_in(2) ? gates : by_setting;
    auto it = pool.begin();
    std::advance(it, dice.below(pool.size()));
    return dice.among(it->second);
}

void nothing_on_it_was_made(const Case& c, const Plan& plan, const Premise& premise) {
    for (const Change* change : numbered(plan))
        if (const Premise* rests = change->premises.about(premise.address); rests && rests->holds == premise.holds)
            hold(c.world.values.at(change->address) != change->after, premises_law,
                 fmt::format("{} {} was made without {}", change->address.object, change->address.setting->name,
                             premise.address.setting->name));
}

Code expected(const Premise& premise, bool unread) {
    if (unread) return Code::unreachable;
    return premise.address.setting == &setting::host_running_migrations ? Code::refused : Code::stale;
}

void is_told(const Case& c, const Premise& premise, Census& census) {
    if (premise.address.setting != &setting::host_running_migrations) return;
    const Survey seen = survey_of(c);
    const Plan again = plan_of(c, seen);
    census.survey(seen);
    census.findings(again.notes);
    const bool busy = std::any_of(again.notes.begin(), again.notes.end(),
                                  [](const Finding& note) { return note.verdict == Verdict::busy; });
    hold(busy, "17 a plan says which hosts are at work", premise.address.object);
}

void grounds_are_laid(const Case& start, const Survey& seen, const Plan& plan) {
    for (const Change* change : numbered(plan)) {
        const Setting& row = *change->address.setting;
        const auto rests_on = [&](const Setting& fact, const std::string& object) {
            return change->premises.about({object, &fact});
        };
        const auto must = [&](bool so, const Setting& fact) {
            hold(so, "17 a change rests on what decides about it",
                 fmt::format("{} {}: {}", change->address.object, row.name, fact.name));
        };
        const std::string& object = change->address.object;
        if (row.kind == Kind::computer && start.world.values.contains({object, &setting::account_sid}))
            must(rests_on(setting::account_sid, object), setting::account_sid);
        if (&row == &setting::migration_networks ||
            (&row == &setting::migration_enabled && change->after == Value(false)))
            must(rests_on(setting::host_running_migrations, object), setting::host_running_migrations);
        if (&row == &setting::migration_max_live) must(rests_on(setting::host_cluster, object), setting::host_cluster);
        if (&row != &setting::delegation_services) continue;
        const auto before = keys(row, change->before), after = keys(row, change->after);
        for (const Host& peer : seen.inventory.hosts) {
            const auto own = seen.snapshot.readings.find({peer.name, &setting::account_own_names});
            if (peer.domain != seen.inventory.find(object)->domain || own == seen.snapshot.readings.end() ||
                !own->second)
                continue;
            for (const std::string& name : keys(row, **own->second)) {
                if (!after.contains(name) || before.contains(name)) continue;
                const Premise* premise = rests_on(setting::account_own_names, peer.name);
                must(premise && keys(row, *premise->holds).contains(name), setting::account_own_names);
            }
        }
    }
}

}  // namespace

void a_lost_ground(const Case& start, const Survey& seen, const Plan& plan, Journal& journal, Dice& dice,
                   Census& census) {
    grounds_are_laid(start, seen, plan);
    const Premise* premise = a_premise_of(plan, dice);
    if (!premise) return;
    const Setting& fact = *premise->address.setting;
    const std::string what = fmt::format("{} of {}", fact.name, premise->address.object);
    hold(ground(*premise, start) == Census::Ground::holds, "17 a plan rests on what is so", what);
    census.premise(fact, Census::Ground::holds);
    const bool unread = dice.one_in(2), late = dice.one_in(2);
    Case c = start;
    LawWriter writer(c.world);
    const auto lose = [&] { (unread ? hide : spoil)(c.world, *premise); };
    std::size_t point = 0;
    if (!late) lose();
    else
        writer.between = [&] {
            if (point++ == 0) lose();
        };
    const Applied applied = apply_to(c, plan, journal, writer);
    writer.between = nullptr;
    const Census::Ground now = ground(*premise, c);
    hold(now == (unread ? Census::Ground::unread : Census::Ground::broken), "17 a premise sees what became of it",
         what);
    census.premise(fact, now);
    hold(applied.ending == Ending::failed && applied.code == expected(*premise, unread), premises_law,
         fmt::format("{}: {}", what, applied.because));
    hold(late || writer.writes == 0, premises_law, what + ": a write was made before it was asked");
    nothing_on_it_was_made(c, plan, *premise);
    if (!unread && !late) is_told(c, *premise, census);
    c.world.faults = start.world.faults;
    c.world.others = start.world.others;
    if (const auto it = start.world.values.find(premise->address); it != start.world.values.end())
        c.world.values.insert_or_assign(premise->address, it->second);
    else c.world.values.erase(premise->address);
    if (!writer.run.empty()) roll_back(c, writer.run, journal);
    hold(same(c.world, start.world), premises_law, what + ": the worlds differ after the rollback");
}

Moves moves_of(const Case& c) {
    Moves out;
    for (const Host& from : c.inventory.hosts)
        for (const Host& to : c.inventory.hosts) {
            if (from.name == to.name || from.domain != to.domain) continue;
            memory::World world = c.world;
            out[{from.name, to.name}] =
                memory::migrate(world, c.inventory, {"vm" + from.name, from.name, to.name, false}).has_value();
        }
    return out;
}

void paths_are_true(const Case& c, const Moves& moves, Census& census) {
    const Snapshot snapshot = seen_of(c);
    const std::vector<Mesh> ends = meshes(c.inventory, snapshot);
    census.snapshot(snapshot);
    census.paths(ends);
    for (const Matrix& matrix : matrices(ends))
        for (std::size_t i = 0; i < matrix.paths(); ++i) {
            const std::string &from = matrix.hosts[i / matrix.hosts.size()],
                              &to = matrix.hosts[i % matrix.hosts.size()];
            if (from == to || matrix.state(i) == PathState::unknown) continue;
            const bool moved = moves.at({from, to});
            hold(moved == (matrix.state(i) == PathState::open), "paths tell the truth",
                 fmt::format("{} → {} is {}, the VM {}", from, to, name(matrix.state(i)), moved ? "moved" : "stayed"));
        }
}

void a_blind_spot(const Case& start, const Survey& asked, const Moves& moves, Dice& dice, Census& census) {
    const Address blind = an_address_of(asked.snapshot, dice);
    Case c = start;
    c.world.faults.push_back(blind.setting->worked_out ? unreachable(the_forest, nullptr)
                                                       : unreachable(blind.object, blind.setting));
    paths_are_true(c, moves, census);
    const Survey seen = survey_of(c);
    census.survey(seen);
    for (const Finding& finding : seen.findings) {
        const bool unread = !seen.snapshot.at(finding.address);
        hold(!unread || finding.verdict == Verdict::unreadable, "10 an unreadable value is never compliant",
             std::string(name(finding.verdict)));
        const auto cluster = seen.snapshot.readings.find({finding.address.object, &setting::host_cluster});
        const bool clustered = finding.address.setting->of_cluster && cluster != seen.snapshot.readings.end() &&
                               (!cluster->second || *cluster->second);
        hold(!clustered || !finding.remedy, "17 what a cluster may set is left to it", finding.address.object);
    }
    for (const Change* change : numbered(plan_of(c, seen)))
        hold(change->address != blind, "10 an unreadable value is never written", std::string(blind.setting->name));
}

}  // namespace fairway::laws
