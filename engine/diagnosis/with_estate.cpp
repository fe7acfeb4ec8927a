// See with_estate.hpp.
#include "engine/diagnosis/with_estate.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace fairway {
namespace {

bool is_of(const Cause& cause, const Path& path) {
    return cause.from == short_name(path.from) && cause.to == short_name(path.to);
}

// One cause for each condition that is closed, as the estate shows it.
std::vector<Cause> closed_by(const Path& path) {
    std::vector<Cause> out;
    for (const Condition& condition : path.conditions) {
        const CauseRow* row = condition.state == PathState::closed
                                  ? cause_of_condition(condition.name, condition.fix.setting != nullptr)
                                  : nullptr;
        if (!row) continue;
        out.push_back({.row = row,
                       .from = short_name(path.from),
                       .to = short_name(path.to),
                       .proof = Proof::strong,
                       .evidence = {fmt::format("the estate now: {}", condition.evidence)}});
        if (condition.fix.setting) out.back().fixes.push_back(condition.fix);
    }
    return out;
}

// Where every condition holds, the source may still act on what the directory said before.
std::optional<Cause> changed_lately(const PairSeen& pair) {
    if (pair.path.state != PathState::open || pair.recent.empty()) return std::nullopt;
    Cause out{.row = &cause_row("fresh-change"),
              .from = short_name(pair.path.from),
              .to = short_name(pair.path.to),
              .proof = Proof::weak};
    for (const RecentChange& one : pair.recent)
        out.evidence.push_back(fmt::format("{} of {} changed {} minutes ago", one.address.setting->name,
                                           one.address.object, one.age_s / 60));
    return out;
}

std::vector<std::string> not_read(const Path& path) {
    std::vector<std::string> out;
    for (const auto& [address, why] : path.unread)
        out.push_back(fmt::format("{} of {}: {}", address.setting->name, address.object, why));
    return out;
}

// What is closed takes the evidence of the same cause, and of the family that it is a member of; false: nothing did.
bool taken_over(const Cause& cause, std::vector<Cause>& closed) {
    const bool family = cause.proof == Proof::family || !cause.candidates.empty();
    bool taken = false;
    for (Cause& one : closed) {
        if (one.row != cause.row && !(family && one.row->family == cause.row->id)) continue;
        one.evidence.insert(one.evidence.end(), cause.evidence.begin(), cause.evidence.end());
        one.last_us = std::max(one.last_us, cause.last_us);
        taken = true;
    }
    return taken;
}

// What the estate says to a cause that events alone tell.
void comment(Cause& cause, const PairSeen& pair) {
    const Path& path = pair.path;
    if (path.state == PathState::open)
        cause.against.push_back(fmt::format("the estate now: every condition of {} → {} holds", path.from, path.to));
    for (std::string& one : not_read(path)) cause.not_looked_at.push_back(std::move(one));
    if (!pair.recent_unread.empty())
        cause.not_looked_at.push_back(fmt::format("when the accounts changed last: {}", pair.recent_unread));
}

}  // namespace

Diagnosis with_estate(Diagnosis diagnosis, std::span<const PairSeen> pairs) {
    std::vector<Cause> first;  // what events speak for and the estate shows
    for (const PairSeen& pair : pairs) {
        std::vector<Cause> closed = closed_by(pair.path);
        if (std::optional<Cause> fresh = changed_lately(pair)) closed.push_back(std::move(*fresh));
        std::erase_if(diagnosis.causes,
                      [&](const Cause& cause) { return is_of(cause, pair.path) && taken_over(cause, closed); });
        for (Cause& cause : diagnosis.causes)
            if (is_of(cause, pair.path)) comment(cause, pair);
        for (Cause& one : closed) (one.evidence.size() > 1 ? first : diagnosis.causes).push_back(std::move(one));
    }
    diagnosis.causes.insert(diagnosis.causes.begin(), std::make_move_iterator(first.begin()),
                            std::make_move_iterator(first.end()));
    return diagnosis;
}

}  // namespace fairway
