// See settling.hpp.
#include "engine/run/settling.hpp"

#include <fmt/format.h>
#include <limits>

#include "engine/plan/settle.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

// A step may have been taken again when the run was gone on with: the last one counts.
std::vector<Step*> open_steps(Run& run, std::size_t changes) {
    std::map<std::size_t, Step*> last;
    for (Step& step : run.steps) last[step.number] = &step;
    std::vector<Step*> out;
    for (const auto& [number, step] : last) {
        // In doubt is also what could not be read just then; when it can be read, it may be plain.
        const bool open =
            !step->outcome || *step->outcome == Outcome::unanswered || *step->outcome == Outcome::in_doubt;
        if (open && number < changes) out.push_back(step);
    }
    return out;
}

Error why_in_doubt(const Address& address, const Reading& now) {
    if (!now) return {now.error().code, fmt::format("{}: {}", in_words(address), now.error().text)};
    return {Code::refused, fmt::format("{}: it holds neither what it held before nor what the run wrote; look at it",
                                       in_words(address))};
}

}  // namespace

Result<Settled> settle_run(const std::string& id, Reader& reader, Journal& journal, const Clock& clock) {
    Result<Run> run = journal.load(id);
    if (!run) return tl::unexpected(run.error());
    Settled out{std::move(*run), {}};
    const std::vector<const Change*> changes = numbered(out.run.plan);
    const std::vector<Step*> open = open_steps(out.run, changes.size());
    std::vector<Address> addresses;
    for (const Step* step : open) addresses.push_back(changes[step->number]->address);
    const Snapshot snapshot = addresses.empty() ? Snapshot() : reader.read(addresses);
    std::vector<StepOutcome> news;
    for (Step* step : open) {
        const Change& change = *changes[step->number];
        const Reading& now = snapshot.at(change.address);
        const Outcome outcome = settle(change, now, false);
        if (outcome == Outcome::in_doubt)
            out.in_doubt.push_back({change.address, why_in_doubt(change.address, now), true});
        if (step->outcome == outcome) continue;  // that is in the journal
        if (!now && step->outcome) continue;     // unanswered says more
        step->outcome = outcome;
        step->answer = std::numeric_limits<std::int64_t>::max();  // after everything that is in the journal
        step->note = now ? "settled by reading after the run was cut off" : now.error().text;
        news.push_back({step->number, outcome, step->note});
    }
    if (auto recorded = journal.record(id, news, clock()); !recorded) return tl::unexpected(recorded.error());
    if (!news.empty() || out.run.end.empty()) {
        const std::string end = out.in_doubt.empty() ? "interrupted" : "in_doubt";
        if (auto ended = journal.end(id, end, "settled", clock()); !ended) return tl::unexpected(ended.error());
        out.run.end = end;
    }
    return out;
}

}  // namespace fairway
