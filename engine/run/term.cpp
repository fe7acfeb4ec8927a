// See term.hpp.
#include "engine/run/term.hpp"

#include <algorithm>
#include <set>

#include "engine/plan/baseline.hpp"
#include "engine/plan/late.hpp"
#include "engine/run/later.hpp"

namespace fairway {
namespace {

// Clocks are set by so much without anybody seeing a difference.
constexpr std::int64_t inexact_s = 120;

std::int64_t last_entry(const Run& run) {
    std::int64_t out = std::max(run.started, run.ended);
    for (const Term& term : run.terms) out = std::max(out, term.at);
    for (const Step& step : run.steps) out = std::max({out, step.intended, step.settled});
    return out;
}

}  // namespace

std::string_view name(TermState state) {
    switch (state) {
        case TermState::open: return "open";
        case TermState::past: return "past";
        case TermState::over: break;
    }
    return "over";
}

TermState state_of(const Run& run, std::span<const Run> later, std::int64_t now) {
    // A rollback that was killed still needs its end.
    const bool going_back = std::any_of(
        later.begin(), later.end(), [&](const Run& other) { return other.rolls_back == run.id && other.ended == 0; });
    const bool nothing_written = run.ended != 0 && changed_by(run).empty();
    if (run.expired || nothing_written || (undone(run, later).all && !going_back)) return TermState::over;
    return now >= run.terms.back().until ? TermState::past : TermState::open;
}

bool is_done_with(const Run& run, const RolledBack& back, std::int64_t now) {
    constexpr std::int64_t longest_way_s = 3600;  // no connection keeps a request for longer
    if (!back.already.empty()) return true;
    // In doubt and read: others wrote there in the moment of the run's own write, so what it holds is theirs.
    const auto theirs = [](const LeftOut& one) { return one.in_doubt && one.why.code == Code::refused; };
    const bool tried_all = back.left_out.size() == back.first->left_out.size();
    if (back.first->blind || !tried_all || !std::all_of(back.left_out.begin(), back.left_out.end(), theirs))
        return false;
    const std::vector<Finding>& notes = back.first->plan->notes;
    if (std::any_of(notes.begin(), notes.end(), [](const Finding& one) { return one.verdict == Verdict::unknown; }))
        return false;
    const bool all_made = back.attempts.empty() || back.overtaken ||
                          (back.attempts.back().applied && back.attempts.back().applied->ending == Ending::complete);
    std::int64_t last = run.started;
    for (const Step& step : run.steps) last = std::max(last, step.intended);
    const bool none_on_its_way = back.left_out.empty() && may_still_arrive(run).empty();
    return all_made && (none_on_its_way || now - last > longest_way_s);
}

Result<bool> over_after(const RolledBack& back, const std::string& run, Journal& journal, const std::string& who,
                        const std::string& host, std::int64_t now) {
    const auto loaded = journal.load(run);
    if (!loaded) return tl::unexpected(loaded.error());
    const auto later = later_runs(*loaded, journal);
    if (!later) return tl::unexpected(later.error());
    if (state_of(*loaded, *later, now) == TermState::over) return true;
    if (!is_done_with(*loaded, back, now)) return false;
    if (auto noted = journal.expire(run, who, host, now); !noted) return tl::unexpected(noted.error());
    return true;
}

Termed termed(Run run, std::span<const Run> later, std::int64_t now) {
    const TermState state = state_of(run, later, now);
    std::vector<std::string> left;
    if (state != TermState::over) {
        const std::set<std::string> changed = still_changed(run, later);
        left.assign(changed.begin(), changed.end());
    }
    const std::int64_t last = last_entry(run), ahead = last > now + inexact_s ? last : 0;
    return {std::move(run), state, std::move(left), ahead};
}

Result<std::vector<Termed>> termed_runs(const Journal& journal, std::int64_t now) {
    const auto ids = journal.with_term();
    if (!ids) return tl::unexpected(ids.error());
    std::vector<Termed> out;
    for (const std::string& id : *ids) {
        auto run = journal.load(id);
        if (!run) return tl::unexpected(run.error());
        const auto later = later_runs(*run, journal);
        if (!later) return tl::unexpected(later.error());
        out.push_back(termed(std::move(*run), *later, now));
    }
    return out;
}

}  // namespace fairway
