// See conflicts.hpp.
#include "engine/plan/conflicts.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/names/vanished.hpp"
#include "engine/plan/comparators.hpp"

namespace fairway {
namespace {

const Set* set_at(const Snapshot& snapshot, const Address& address) {
    const Reading& reading = snapshot.at(address);
    return reading && *reading ? as_set(**reading) : nullptr;
}

std::string stays(std::size_t values) { return values == 1 ? "it stays" : "they stay"; }

}  // namespace

Set given(const Desired& desired) {
    Set::Elements out;
    for (const auto& [address, wants] : desired) {
        if (address.setting != &setting::spn_migration) continue;
        for (const Want& want : wants)
            if (demands(want)) out.insert(out.end(), as_set(want.operand)->begin(), as_set(want.operand)->end());
    }
    return Set::of(std::move(out));
}

Set demanded(Key key, const std::vector<Want>& wants) {
    Set out;
    for (const Want& want : wants)
        if (demands(want)) out = unite(key, out, *as_set(want.operand));
    return out;
}

Set gone(const Setting& setting, const Want& vanished, const Set& held, const Set& of_gone, const Set& given) {
    const Set all = intersect(setting.key, held, of_gone);
    return subtract(setting.key, of_classes(all, *as_set(vanished.operand)), given);
}

std::vector<Conflict> conflicts(const Desired& desired, const Snapshot& snapshot) {
    std::vector<Conflict> out;
    Set names = given(desired);
    for (const auto& [address, wants] : desired)
        for (const Want& want : wants) {
            if (want.comparator != Comparator::vanished) continue;
            const Set* const held = set_at(snapshot, address);
            const Set* const of_gone = set_at(snapshot, {address.object, &setting::delegation_vanished});
            if (!held || !of_gone) continue;
            const Key key = address.setting->key;
            const Set all = gone(*address.setting, want, *held, *of_gone, names);
            const Set stay = intersect(key, all, demanded(key, wants));
            if (stay.empty()) continue;
            Conflict& one = out.emplace_back(Conflict{address, {want.rule}, {}, stay, {}});
            for (const Want& other : wants)
                if (demands(other) && !intersect(key, stay, *as_set(other.operand)).empty())
                    one.rules.push_back(other.rule);
            one.because =
                fmt::format("rule {} wants no values for computers that are gone, rule {} demands {}: {}", want.rule,
                            one.rules.back(), stay.size() == 1 ? "one" : "some", stays(stay.size()));
        }
    return out;
}

std::vector<Conflict> conflicts(const std::vector<Finding>& findings) {
    std::vector<Conflict> out;
    for (const Finding& one : findings) {
        if (one.verdict == Verdict::conflict) {
            std::vector<std::string> runs;
            for (const TakenOver& other : one.taken_over) runs.push_back(other.run);
            out.push_back({one.address, {one.rule}, std::move(runs), one.held.value_or(Value()), one.because});
            continue;
        }
        for (const TakenOver& other : one.taken_over)
            out.push_back({one.address,
                           {one.rule},
                           {other.run},
                           other.values,
                           fmt::format("run {} changed {} later: {}", other.run,
                                       other.values.size() == 1 ? "it" : "them", stays(other.values.size()))});
        if (!one.taken.empty())
            out.push_back(
                {one.address,
                 {one.rule},
                 {},
                 one.taken,
                 fmt::format("others took {} since the run: not put back", one.taken.size() == 1 ? "it" : "them")});
    }
    return out;
}

}  // namespace fairway
