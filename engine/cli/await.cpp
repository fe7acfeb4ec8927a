// See await.hpp.
#include "engine/cli/await.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <span>
#include <thread>

#include "engine/base/clock.hpp"
#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/report/replication.hpp"
#include "engine/run/converge.hpp"
#include "engine/run/refusals.hpp"

namespace fairway::cli {
namespace {

constexpr std::int64_t default_limit_s = 15 * 60, longest_limit_s = 7 * 24 * 3600;

// In small pieces, so that Ctrl-C is heard.
bool sleep_unless_interrupted(std::int64_t seconds) {
    constexpr int pieces = 10;
    for (std::int64_t i = 0; i < seconds * pieces && !interrupted(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1000 / pieces));
    return !interrupted();
}

Patience patience_for(std::int64_t limit_s, const Stage& stage) {
    Patience out;
    out.limit_s = limit_s;
    out.sleep = sleep_unless_interrupted;
    out.say = [&stage, until = system_now() + limit_s](const Convergence& now) {
        stage.waiting("Waiting for replication", until);
        stage.bar(fmt::format("Waiting for replication: {} of {} values at {}", now.shown, now.of,
                              report::count(now.replicas.size(), "controller")),
                  now.shown, now.of);
    };
    return out;
}

Result<Awaited> await_addresses(const Connections& connections, const Run& run, std::span<const Address> addresses,
                                const Patience& patience, const Stage& stage) {
    Awaited out;
    const auto replicas = connections.replicas();
    if (!replicas) return tl::unexpected(replicas.error());
    const auto converged = converge(**replicas, addresses, patience);
    if (!converged) return tl::unexpected(converged.error());
    if (converged->replicas.empty()) return out;
    stage.say(report::text(*converged, stage.style));
    out.converged = converged->complete();
    out.json = report::json(*converged);
    // What came late was refused until it came.
    const std::int64_t came = converged->waited_s > 0 ? system_now() : last_directory_change(run);
    if (came + refusal_remembered_s > system_now()) out.forgotten = came + refusal_remembered_s;
    if (out.forgotten > 0) out.json["refusals_until"] = show_time(out.forgotten);
    return out;
}

// When the last change of the phase was seen to be made.
std::int64_t last_settled(const Run& run, const Phase& phase) {
    const Numbers numbers = numbers_of(run.plan, phase);
    std::int64_t out = 0;
    for (const Step& step : run.steps)
        if (numbers.hold(step.number)) out = std::max(out, step.settled);
    return out;
}

}  // namespace

Result<std::optional<std::int64_t>> converge_limit(const Request& request) {
    const std::string given = request.get("converge");
    if (given.empty()) return std::optional(default_limit_s);
    if (given == "none") return std::optional<std::int64_t>();
    const auto seconds = text::number<std::int64_t>(given);
    if (!seconds || *seconds < 0 || *seconds > longest_limit_s)
        return fail(Code::bad_input, fmt::format("--converge takes seconds from 0 to {}, or none; not `{}`",
                                                 longest_limit_s, text::printable(given)));
    return seconds;
}

Patience patience_with_replicas(const Stage& stage, Latest latest) {
    return patience_for(std::clamp(latest - system_now(), std::int64_t{0}, default_limit_s), stage);
}

Result<Awaited> await_replicas(const Request& request, const Connections& connections, const Run& run,
                               const Desired& wants, bool as_left, const Stage& stage) {
    const auto limit = converge_limit(request);
    if (!limit) return tl::unexpected(limit.error());
    std::vector<Address> addresses;
    for (const auto& [address, want] : wants)
        if (row_of(address.kind()).in_directory) addresses.push_back(address);
    if (addresses.empty() || !*limit) return Awaited();
    return await_addresses(connections, run, addresses, patience_for(as_left ? **limit : 0, stage), stage);
}

std::optional<Stop> await_phase(const Connections& connections, const Run& run, const Phase& phase, bool purged,
                                Latest latest, const Stage& stage) {
    const Stop stopped{Stop::Reason::asked,
                       {Code::refused, "stopped on request, while it waited after " + title(phase)}};
    if (phase.then.directory) {
        std::vector<Address> addresses;
        for (const Change& change : phase.changes) addresses.push_back(change.address);
        const auto awaited = await_addresses(connections, run, addresses, patience_with_replicas(stage, latest), stage);
        if (interrupted()) return stopped;
        if (!awaited) return Stop{Stop::Reason::waiting, awaited.error()};
        if (!awaited->converged) {
            const std::string lag = fmt::format("not every domain controller has the changes of {}", title(phase));
            if (system_now() >= latest) return too_late(lag, latest);
            return Stop{Stop::Reason::waiting, {Code::unreachable, lag + ", so nothing else was begun"}};
        }
        if (!purged && awaited->forgotten > 0) {
            if (awaited->forgotten > latest)
                return too_late(fmt::format("until {} hosts remember that a ticket was refused to them (they forget it "
                                            "at once by `klist purge`; then: apply --purged)",
                                            show_time(awaited->forgotten)),
                                latest);
            stage.say(report::purge_text(run.id, awaited->forgotten));
            if (!wait_until(awaited->forgotten, "Waiting for hosts to forget refusals", stage)) return stopped;
        }
    }
    const std::int64_t until = pause_end(run, phase);
    if (phase.then.minutes == 0 || system_now() >= until) return std::nullopt;
    stage.say(fmt::format("Pause of {} after {}, until {}\n",
                          report::count(static_cast<std::size_t>(phase.then.minutes), "minute"), title(phase),
                          show_time(until)));
    if (!wait_until(until, "Pause", stage)) return stopped;
    return std::nullopt;
}

std::int64_t pause_end(const Run& run, const Phase& phase) {
    return last_settled(run, phase) + phase.then.minutes * 60;
}

bool wait_until(std::int64_t then, std::string_view what, const Stage& stage) {
    const std::int64_t began = system_now();
    for (std::int64_t now = began; now < then; now = system_now()) {
        stage.waiting(what, then);
        stage.bar(fmt::format("{}, {} left", what, show_duration(then - now)), static_cast<std::size_t>(now - began),
                  static_cast<std::size_t>(then - began));
        if (!sleep_unless_interrupted(1)) return false;
    }
    return true;
}

}  // namespace fairway::cli
