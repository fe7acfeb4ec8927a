// See again.hpp.
#include "engine/plan/again.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/plan/risk.hpp"

namespace fairway {
namespace {

using InPhase = std::pair<PhaseKind, Address>;

// Of a list what comes and goes: whatever else others put into it needs no second look.
bool writes_the_same(const Change& a, const Change& b) {
    const Set *before_a = as_set(a.before), *before_b = as_set(b.before);
    if (!before_a || !before_b) return a.before == b.before && a.after == b.after;
    const Key key = a.address.setting->key;
    return added(a) == added(b) &&
           subtract(key, *before_a, *as_set(a.after)) == subtract(key, *before_b, *as_set(b.after));
}

// The first that only one of the two rests on; null: there is none. Reasons are words.
const Premise* other_premise(const Premises& a, const Premises& b) {
    if (a == b) return nullptr;
    for (const auto& [one, two] : {std::pair(&a, &b), std::pair(&b, &a)})
        for (const auto& premise : *one) {
            const Premise* other = two->about(premise->address);
            if (!other || other->holds != premise->holds) return premise.get();
        }
    return nullptr;
}

// In which way it is another change; nothing: it is the same.
std::optional<std::string> difference(const Change& then, const Change& now) {
    std::vector<std::string> out;
    if (!writes_the_same(then, now)) out.emplace_back("it writes another value");
    const Grade was = believed(then), is = believed(now);
    if (was.risk != is.risk) out.push_back(fmt::format("its risk is {}, was {}", name(is.risk), name(was.risk)));
    else if (!then.grade.because.empty() && was.because != is.because)
        out.push_back(fmt::format("its risk has another reason: {}", text::printable(is.because)));
    if (const Premise* premise = other_premise(then.premises, now.premises))
        out.push_back(fmt::format("it rests on another {} of {}", premise->address.setting->name,
                                  text::printable(premise->address.object)));
    if (out.empty()) return std::nullopt;
    return text::join(out, "; ");
}

// A change with the phase that it is in, which may be another wave.
struct Planned {
    const Phase* phase = nullptr;
    const Change* change = nullptr;
};

std::map<InPhase, Planned> by_place(const Plan& plan) {
    std::map<InPhase, Planned> out;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            out.emplace(InPhase(phase.kind, change.address), Planned{&phase, &change});
    return out;
}

Revised compared(const Planned& then, const Phase& phase, const Change& change) {
    Revised out{.became = Became::fresh, .phase = phase.kind, .then = then.change, .now = &change};
    if (!then.change) return out;
    const auto differs = difference(*then.change, change);
    out.became = differs ? Became::other : Became::same;
    out.because = differs.value_or("");
    out.other_wave = then.phase->wave != phase.wave;
    return out;
}

std::string why_gone(const Address& address, const Plan& fresh, bool in_another_phase) {
    for (const NotCovered& group : fresh.not_covered)
        if (std::find(group.hosts.begin(), group.hosts.end(), address.object) != group.hosts.end())
            return fmt::format("the host is not covered: {}", text::printable(group.because));
    for (const Finding& note : fresh.notes)
        if (note.address == address) return fmt::format("{}: {}", name(note.verdict), text::printable(note.because));
    return in_another_phase ? "nothing of it is left to do" : "nothing is left to do there";
}

}  // namespace

std::string_view name(Became became) {
    switch (became) {
        case Became::same: return "same";
        case Became::gone: return "gone";
        case Became::fresh: return "new";
        case Became::other: break;
    }
    return "other";
}

std::vector<Revised> revised(const Plan& reviewed, const Plan& fresh) {
    const std::map<InPhase, Planned> then = by_place(reviewed), now = by_place(fresh);
    std::set<Address> still;
    std::vector<Revised> out;
    for (const Phase& phase : fresh.phases)
        for (const Change& change : phase.changes) {
            still.insert(change.address);
            const auto it = then.find({phase.kind, change.address});
            out.push_back(compared(it == then.end() ? Planned() : it->second, phase, change));
        }
    for (const Phase& phase : reviewed.phases)
        for (const Change& change : phase.changes)
            if (!now.contains({phase.kind, change.address}))
                out.push_back({.became = Became::gone,
                               .phase = phase.kind,
                               .then = &change,
                               .because = why_gone(change.address, fresh, still.contains(change.address))});
    return out;
}

Unchanged unchanged(const std::vector<Revised>& changes) {
    std::map<std::string, bool> same;
    for (const Revised& one : changes) {
        bool& all = same.try_emplace(one.address().object, true).first->second;
        all = all && one.became == Became::same;
    }
    Unchanged out{.hosts = {}, .of = same.size()};
    for (const auto& [host, all] : same)
        if (all) out.hosts.push_back(host);
    return out;
}

}  // namespace fairway
