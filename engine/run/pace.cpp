// See pace.hpp.
#include "engine/run/pace.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "engine/run/refusals.hpp"

namespace fairway {
namespace {

constexpr std::size_t runs_looked_at = 5;

std::size_t place(Kind kind) { return static_cast<std::size_t>(kind); }

// At most: changes of one object wait for each other, and while they do the room is not always full.
std::size_t most_rounds(const std::vector<const Change*>& changes, Kind kind, std::size_t in_flight) {
    std::map<std::string_view, std::size_t> of_object;
    std::size_t all = 0, longest = 0;
    for (const Change* change : changes) {
        if (change->address.kind() != kind) continue;
        ++all;
        longest = std::max(longest, ++of_object[change->address.object]);
    }
    return all == 0 ? 0 : (all + in_flight - 1) / in_flight + longest - 1;
}

std::int64_t time_for(const std::vector<const Change*>& changes, std::size_t in_flight, const Pace& pace,
                      bool& assumed) {
    std::int64_t out = 0;
    for (const KindRow& row : all_kinds) {
        const std::size_t count = most_rounds(changes, row.kind, in_flight);
        if (count == 0) continue;
        assumed = assumed || !pace.measured(row.kind);
        out += static_cast<std::int64_t>(count) * pace.ms(row.kind);
    }
    return out;
}

}  // namespace

void Pace::took(Kind kind, std::int64_t ms) {
    std::int64_t& longest = longest_.at(place(kind));
    longest = std::max({longest, ms, std::int64_t{1}});
}

std::int64_t Pace::ms(Kind kind) const { return measured(kind) ? longest_.at(place(kind)) : assumed_round_ms; }

bool Pace::measured(Kind kind) const { return longest_.at(place(kind)) > 0; }

Result<Pace> pace_of(const Journal& journal, const std::string& estate) {
    const auto history = journal.history();
    if (!history) return tl::unexpected(history.error());
    Pace out;
    std::size_t looked_at = 0;
    for (auto line = history->rbegin(); line != history->rend() && looked_at < runs_looked_at; ++line) {
        if (line->estate != estate) continue;
        const auto run = journal.load(line->id);
        if (!run) return tl::unexpected(run.error());
        const std::vector<const Change*> changes = numbered(run->plan);
        bool any = false;
        for (const Step& step : run->steps) {
            if (step.took_ms <= 0) continue;
            any = true;
            out.took(changes[step.number]->address.kind(), step.took_ms);
        }
        if (any) ++looked_at;
    }
    return out;
}

Estimate estimate(const std::vector<const Change*>& phase, const std::vector<std::vector<const Change*>>& done,
                  std::size_t in_flight, const Pace& pace) {
    Estimate out;
    out.phase_ms = time_for(phase, in_flight, pace, out.assumed);
    for (const auto& of_phase : done) out.undo_ms += time_for(of_phase, in_flight, pace, out.assumed);
    return out;
}

Estimate estimate(const Plan& plan, std::size_t in_flight, const Pace& pace) {
    Estimate out;
    for (const Phase& phase : plan.phases) {
        std::vector<const Change*> changes;
        for (const Change& change : phase.changes) changes.push_back(&change);
        const Estimate one = estimate(changes, {changes}, in_flight, pace);
        out.phase_ms += one.phase_ms;
        out.undo_ms += one.undo_ms;
        out.pauses_ms += phase.then.minutes * 60'000 + (phase.then.directory ? refusal_remembered_s * 1000 : 0);
        out.assumed = out.assumed || one.assumed;
    }
    return out;
}

}  // namespace fairway
