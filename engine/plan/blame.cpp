// See blame.hpp.
#include "engine/plan/blame.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/plan/settle.hpp"

namespace fairway {
namespace {

struct Facts {
    const Snapshot& snapshot;
    const ChangeStamps& stamps;
};

std::optional<ChangeStamp> stamp_of(const ChangeStamps& stamps, const Address& address) {
    const auto it = stamps.find(address);
    return it == stamps.end() || !it->second ? std::nullopt : *it->second;
}

// Why the last change cannot be this step's; empty: it is.
std::string alibi(const Run& run, const Step& step, const Change& change, const ChangeStamp& stamp,
                  const Facts& facts) {
    const auto there = [&](const Replica& replica) { return replica.id == stamp.origin; };
    if (std::none_of(run.replicas.begin(), run.replicas.end(), there))
        return fmt::format("run {} wrote it, but at another domain controller", run.id);
    if (stamp.time < step.intended - clocks_differ_s || stamp.time > step.settled + clocks_differ_s)
        return fmt::format("run {} wrote it at {}, which is another time", run.id, show_time(step.settled));
    const Reading& now = facts.snapshot.at(change.address);
    // Where others had changed the rest of a list, the step has a remark, and more than the change was left there.
    const bool as_left = step.note.empty() ? now && *now == change.after : settle(change, now, true) == Outcome::done;
    if (!as_left) return fmt::format("it no longer holds what run {} left there", run.id);
    return {};
}

// Looks through one run, from its last step on; true: no further run need be looked at.
bool compare(const Run& run, const Facts& facts, Blamed& out) {
    const std::vector<const Change*> changes = numbered(run.plan);
    for (auto step = run.steps.rbegin(); step != run.steps.rend(); ++step) {
        if (step->number >= changes.size()) continue;
        const Change& change = *changes[step->number];
        if (!row_of(change.address.kind()).in_directory || change.address.object != out.address.object) continue;
        if (stamp_of(facts.stamps, change.address) != out.stamp) continue;
        if (step->outcome == Outcome::not_done) continue;
        if (step->outcome != Outcome::done) {
            out.whose = WhoseChange::unknown;
            out.because = fmt::format("run {} may have written it: what became of that is not known", run.id);
            return true;
        }
        const std::string why_not = alibi(run, *step, change, *out.stamp, facts);
        if (!why_not.empty()) {
            if (out.because.empty()) out.because = why_not;
            continue;
        }
        out.whose = WhoseChange::ours;
        out.because =
            change.address == out.address
                ? std::string("controller, time and value are those of the run's write")
                : fmt::format("the run wrote {}, which lives in the same attribute", change.address.setting->name);
        out.run = run.id;
        out.who = run.who + "@" + run.host;
        out.ticket = run.plan.ticket;
        return true;
    }
    return false;
}

std::string name_of(const std::string& id, std::span<const Holder> holders) {
    const auto it =
        std::find_if(holders.begin(), holders.end(), [&](const Holder& one) { return one.replica.id == id; });
    return it == holders.end() ? id : it->replica.server;
}

}  // namespace

std::string_view name(WhoseChange whose) {
    switch (whose) {
        case WhoseChange::ours: return "ours";
        case WhoseChange::somebody_else: return "somebody else";
        case WhoseChange::unknown: break;
    }
    return "unknown";
}

std::vector<Blamed> blame(std::span<const Address> addresses, const Snapshot& snapshot, const ChangeStamps& stamps,
                          std::span<const Holder> holders, const Result<std::vector<Run>>& runs) {
    const Facts facts{snapshot, stamps};
    std::vector<Blamed> out;
    for (const Address& address : addresses) {
        Blamed& one = out.emplace_back();
        one.address = address;
        one.stamp = stamp_of(stamps, address);
        const auto it = stamps.find(address);
        if (it != stamps.end() && !it->second) one.because = it->second.error().text;
        else if (!one.stamp) one.because = "no change of it is known";
        else if (!runs) one.because = runs.error().text;
        if (!one.because.empty()) continue;
        one.controller = name_of(one.stamp->origin, holders);
        one.whose = WhoseChange::somebody_else;
        for (auto run = runs->rbegin(); run != runs->rend(); ++run)
            if (compare(*run, facts, one)) break;
        if (one.because.empty()) one.because = "no run of this journal wrote it";
    }
    for (Blamed& one : out)
        if (one.stamp && one.controller.empty()) one.controller = name_of(one.stamp->origin, holders);
    return out;
}

}  // namespace fairway
