// See metrics.hpp.
#include "engine/watch/metrics.hpp"

#include <array>
#include <map>

#include "engine/forms/series.hpp"

namespace fairway::watch {
namespace {

std::string of_findings(const State& state) {
    forms::Family open("watch_open_findings", "Findings that are open, by what they are about and by severity."),
        oldest("watch_oldest_finding_timestamp_seconds", "Since when the oldest open finding is open."),
        begun("watch_findings_total", "Findings that began.", "counter"),
        lost("watch_untold_findings_total", "Findings that ended and were forgotten before a way took them.",
             "counter");
    std::map<std::pair<std::string_view, std::string_view>, std::int64_t> n;
    for (const Sort sort : all_sorts)
        for (const Severity severity : {Severity::low, Severity::medium, Severity::high, Severity::critical})
            n[{name(sort), name(severity)}] = 0;
    std::int64_t first = 0;
    for (const Episode& one : state.episodes) {
        if (one.ended) continue;
        ++n[{name(one.subject.sort), name(one.detail.severity)}];
        if (first == 0 || one.since < first) first = one.since;
    }
    for (const auto& [of, count] : n)
        open.add({{"estate", state.estate}, {"sort", std::string(of.first)}, {"severity", std::string(of.second)}},
                 count);
    if (first != 0) oldest.add({{"estate", state.estate}}, first);
    begun.add({{"estate", state.estate}}, state.begun);
    lost.add({{"estate", state.estate}}, state.left_out);
    return open.print() + oldest.print() + begun.print() + lost.print();
}

std::string of_ways(const Keeper& keeper) {
    forms::Family waiting("watch_way_waiting", "1 if a message to this way was not acknowledged yet."),
        delivered("watch_way_messages_total", "Messages that this way acknowledged.", "counter"),
        failed("watch_way_failures_total", "Tries that this way did not acknowledge.", "counter");
    for (const Way& way : keeper.ways()) {
        const WayState& of = keeper.state().ways.at(way.key);
        const forms::Labels labels = {{"estate", keeper.state().estate}, {"way", way.key}};
        waiting.add(labels, of.message ? 1 : 0);
        delivered.add(labels, of.delivered);
        failed.add(labels, of.failed);
    }
    return waiting.print() + delivered.print() + failed.print();
}

}  // namespace

std::string metrics(const Keeper& keeper) {
    const State& state = keeper.state();
    forms::Family last("watch_audit_timestamp_seconds", "When the last audit ended."),
        good("watch_success_timestamp_seconds", "When the last audit ended that came to a result."),
        durable("watch_state_written", "1 if the state is on the disk; messages are sent only then.");
    if (state.audited != 0) last.add({{"estate", state.estate}}, state.audited);
    if (state.succeeded != 0) good.add({{"estate", state.estate}}, state.succeeded);
    durable.add({{"estate", state.estate}}, keeper.saved() ? 1 : 0);
    return last.print() + good.print() + durable.print() + of_findings(state) + of_ways(keeper);
}

}  // namespace fairway::watch
