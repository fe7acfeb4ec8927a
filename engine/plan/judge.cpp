// See judge.hpp.
#include "engine/plan/judge.hpp"

#include <fmt/format.h>

#include "engine/model/catalogue.hpp"
#include "engine/plan/comparators.hpp"

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
    return fmt::format("is {}, wanted {}", show(setting, held), show(setting, want));
}

// What others put there: held, and named neither by the want nor by what the run wrote.
Set foreign(const Setting& setting, const Want& want, const Value& held) {
    const Set* set = as_set(held);
    if (!set) return {};
    const Set unnamed = want.comparator == Comparator::without
                            ? subtract(setting.key, *set, beyond(setting, want, *set))
                            : subtract(setting.key, *set, *as_set(want.operand));
    return want.from ? subtract(setting.key, unnamed, *as_set(*want.from)) : unnamed;
}

// The judgement where there is a value to compare.
void weigh(Finding& finding, const Want& want, const Value& held) {
    const Setting& setting = *finding.address.setting;
    finding.foreign = foreign(setting, want, held);
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
    if (finding.remedy) return;
    finding.because = want.from ? fmt::format("is {}; the run left {}, so somebody else changed it",
                                              show(setting, held), show(setting, *want.from))
                                : fmt::format("is {}; what the run wrote here is in doubt", show(setting, held));
}

// What a cluster sets on its nodes is not fought over: it would be set back, for ever. Whether there is one must be
// known, where it was asked for.
void leave_to_cluster(Finding& finding, const Snapshot& snapshot) {
    if (finding.verdict != Verdict::drifted || !finding.address.setting->of_cluster) return;
    const auto asked = snapshot.readings.find({finding.address.object, &setting::host_cluster});
    if (asked == snapshot.readings.end()) return;
    const Reading& cluster = asked->second;
    if (cluster && !*cluster) return;
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

}  // namespace

std::vector<Finding> judge(const Desired& desired, const Snapshot& snapshot) {
    std::vector<Finding> findings;
    findings.reserve(desired.size());
    for (const auto& [address, wants] : desired) {
        const Reading& reading = snapshot.at(address);
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
                weigh(finding, want, **reading);
                leave_to_cluster(finding, snapshot);
            }
            findings.push_back(std::move(finding));
        }
    }
    return findings;
}

Error why_unread(const Finding& finding, const Snapshot& snapshot) {
    const Reading& own = snapshot.at(finding.address);
    if (!own) return own.error();
    const Reading& cluster = snapshot.at({finding.address.object, &setting::host_cluster});
    return {cluster ? Code::unreachable : cluster.error().code, finding.because};
}

}  // namespace fairway
