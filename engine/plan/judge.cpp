// See judge.hpp.
#include "engine/plan/judge.hpp"

#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/names/vanished.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/conflicts.hpp"
#include "engine/plan/premises.hpp"

namespace fairway {
namespace {

std::string drift(const Setting& setting, const Want& want, const Value& held) {
    if (want.comparator == Comparator::includes) {
        const Set missing = subtract(setting.key, *as_set(want.operand), *as_set(held));
        return fmt::format("{} of {} wanted values missing: {}", missing.size(), as_set(want.operand)->size(),
                           show(setting, Value(missing)));
    }
    if (want.comparator == Comparator::within) {
        const Set excess = beyond(setting, want, *as_set(held));
        return fmt::format("{} beyond what is allowed: {}", excess.size(), show(setting, Value(excess)));
    }
    if (want.comparator == Comparator::without) {
        const Set forbidden = beyond(setting, want, *as_set(held));
        return fmt::format("{} that must not be there: {}", forbidden.size(), show(setting, Value(forbidden)));
    }
    if (want.comparator == Comparator::vanished) {
        const Set gone = beyond(setting, want, *as_set(held));
        return fmt::format("{} for computers that are gone: {}", gone.size(), show(setting, Value(gone)));
    }
    return fmt::format("is {}, wanted {}", show(setting, held), show(setting, want));
}

// What others put there: held, and named neither by the want nor by what the run wrote.
Set foreign(const Setting& setting, const Want& want, const Value& held) {
    const Set* set = as_set(held);
    if (!set) return {};
    const Set unnamed =
        subtract(setting.key, *set, forbids(want.comparator) ? beyond(setting, want, *set) : *as_set(want.operand));
    return want.from ? subtract(setting.key, unnamed, *as_set(*want.from)) : unnamed;
}

// Of a set that a run left: what is no longer there, and what other runs changed. Of a write that is not known to be
// done whole, what it was to add may never have been there.
void tell_others(Finding& finding, const Want& want, const Set& held) {
    const Key key = finding.address.setting->key;
    const Set &before = *as_set(want.operand), &after = *as_set(*want.from);
    const Set left = want.partly ? intersect(key, after, before) : after;
    Set lost = subtract(key, subtract(key, left, held), want.put_back);
    const Set changed = unite(key, subtract(key, before, after), subtract(key, after, before));
    for (const TakenOver& other : want.taken_over) {
        const Set told = unite(key, intersect(key, other.values, changed), intersect(key, other.values, lost));
        if (!told.empty()) finding.taken_over.push_back({other.run, told});
        lost = subtract(key, lost, other.values);
    }
    finding.taken = intersect(key, lost, before);
    finding.withdrawn = subtract(key, lost, before);
}

std::string why_conflict(const Setting& setting, const Want& want, const Value& held) {
    const std::string is = show(setting, held);
    if (!as_set(held) && !want.taken_over.empty())
        return fmt::format("is {}; run {} changed it later, so it stays", is, want.taken_over.front().run);
    if (!want.from) return fmt::format("is {}; what the run wrote here is in doubt", is);
    return fmt::format("is {}; the run left {}, so somebody else changed it", is, show(setting, *want.from));
}

// The judgement where there is a value to compare.
void weigh(Finding& finding, const Want& want, const Value& held) {
    const Setting& setting = *finding.address.setting;
    finding.foreign = foreign(setting, want, held);
    if (want.from && as_set(held)) tell_others(finding, want, *as_set(held));
    if (satisfied(setting, want, held)) {
        finding.verdict = Verdict::compliant;
        finding.because = fmt::format("is {}", show(setting, held));
        return;
    }
    finding.because = drift(setting, want, held);
    if (!want.exception.empty()) {
        finding.verdict = Verdict::excepted;
        finding.because += "; excepted " + want.exception;
        return;
    }
    finding.remedy = remedy(setting, want, held);
    finding.verdict = finding.remedy ? Verdict::drifted : Verdict::conflict;
    if (!finding.remedy) finding.because = why_conflict(setting, want, held);
}

// What has vanished only the snapshot says, and what it cannot say is not guessed. Two rules must not undo each other
// for ever, so what another one demands stays, and is reported.
void weigh_vanished(Finding& finding, Want want, const Value& held, const Desired& desired, const Set& given,
                    const Snapshot& snapshot) {
    const Setting& setting = *finding.address.setting;
    const Reading& reading = snapshot.at({finding.address.object, &setting::delegation_vanished});
    if (!reading || !*reading) {
        finding.verdict = Verdict::unknown;
        finding.foreign = *as_set(held);
        finding.because = "unknown which of its services are for computers that are gone";
        if (!reading) finding.because += ": " + reading.error().text;
        return;
    }
    const Set gone = fairway::gone(setting, want, *as_set(held), *as_set(**reading), given);
    const Set wanted = demanded(setting.key, desired.at(finding.address));
    want.operand = subtract(setting.key, gone, wanted);
    weigh(finding, want, held);
    if (finding.verdict == Verdict::drifted)
        finding.premises.add(premise(finding.address.object, setting::delegation_vanished, want.operand));
    const Set stay = intersect(setting.key, gone, wanted);
    if (stay.empty()) return;
    const std::string told = fmt::format("{} for computers that are gone stay, for another rule demands them: {}",
                                         stay.size(), show(setting, Value(stay)));
    const bool nothing_else = finding.verdict == Verdict::compliant;
    if (nothing_else) finding.verdict = Verdict::excepted;
    finding.because = nothing_else ? told : finding.because + "; " + told;
}

// What a cluster sets on its nodes is not fought over: it would be set back, for ever. Whether there is one must be
// known, where it was asked for.
void leave_to_cluster(Finding& finding, const Snapshot& snapshot) {
    if (finding.verdict != Verdict::drifted || !finding.address.setting->of_cluster) return;
    const auto asked = snapshot.readings.find({finding.address.object, &setting::host_cluster});
    if (asked == snapshot.readings.end()) return;
    const Reading& cluster = asked->second;
    if (cluster && !*cluster) return finding.premises.add(premise(finding.address.object, setting::host_cluster, {}));
    finding.remedy.reset();
    if (!cluster) {
        finding.verdict = Verdict::unreadable;
        finding.because += "; whether a cluster sets it is unknown: " + cluster.error().text;
        return;
    }
    finding.verdict = Verdict::excepted;
    finding.because +=
        fmt::format("; the cluster {} sets it on its nodes (MaximumParallelMigrations), so it is left to it",
                    show(setting::host_cluster, **cluster));
}

// Nothing is written for a want that names somebody of whom it is not known who that is.
void leave_doubtful(Finding& finding, const Want& want, const Error& doubt) {
    finding.verdict = want.exception.empty() ? Verdict::unknown : Verdict::excepted;
    finding.because = doubt.text;
    if (want.exception.empty()) finding.doubt = doubt;
    else finding.because += "; excepted " + want.exception;
}

// The first premise of the want that does not hold: what the run wrote here is no longer its own to put back.
std::optional<Error> first_broken(const Want& want, const Snapshot& snapshot) {
    for (const auto& one : want.premises)
        if (auto error = broken(*one, snapshot.at(one->address))) return error;
    return std::nullopt;
}

// The judgement of a want whose value was read.
void judge_held(Finding& finding, const Want& want, const Value& held, const Desired& desired,
                std::optional<Set>& given_names, const Snapshot& snapshot) {
    const std::optional<Error> doubt = want.doubt ? want.doubt : first_broken(want, snapshot);
    if (doubt && !(want.only_new && satisfied(*finding.address.setting, want, held)))
        return leave_doubtful(finding, want, *doubt);
    if (want.comparator == Comparator::vanished) {
        if (!given_names) given_names = given(desired);
        weigh_vanished(finding, want, held, desired, *given_names, snapshot);
    } else {
        weigh(finding, want, held);
    }
    leave_to_cluster(finding, snapshot);
    for (const auto& one : want.premises)
        if (finding.verdict == Verdict::drifted) finding.premises.add(one);
}

}  // namespace

std::vector<Finding> judge(const Desired& desired, const Snapshot& snapshot) {
    std::vector<Finding> findings;
    findings.reserve(desired.size());
    std::optional<Set> names;               // that rules give; worked out where it matters
    auto read = snapshot.readings.begin();  // both are in the order of addresses
    for (const auto& [address, wants] : desired) {
        while (read != snapshot.readings.end() && read->first < address) ++read;
        const bool there = read != snapshot.readings.end() && read->first == address;
        const Reading& reading = there ? read->second : snapshot.at(address);
        for (const Want& want : wants) {
            Finding finding{.address = address,
                            .held = {},
                            .foreign = {},
                            .remedy = {},
                            .rule = want.rule,
                            .severity = want.severity,
                            .because = {},
                            .where = want.where};
            if (!reading) {
                finding.verdict = Verdict::unreadable;
                finding.because = reading.error().text;
            } else if (!*reading) {
                finding.verdict = Verdict::absent;
                finding.because = "this " + std::string(name(address.kind())) + " has no such property";
            } else {
                finding.held = *reading;
                judge_held(finding, want, **reading, desired, names, snapshot);
            }
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

Error why_unread(const Finding& finding, const Snapshot& snapshot) {
    const Reading& own = snapshot.at(finding.address);
    if (!own) return own.error();
    if (finding.doubt) return *finding.doubt;
    const Setting& decides = finding.address.setting->of_cluster ? setting::host_cluster : setting::delegation_vanished;
    const Reading& other = snapshot.at({finding.address.object, &decides});
    return {other ? Code::unreachable : other.error().code, finding.because};
}

}  // namespace fairway
