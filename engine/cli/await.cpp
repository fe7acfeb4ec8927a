// See await.hpp.
#include "engine/cli/await.hpp"

#include <chrono>
#include <fmt/format.h>
#include <thread>

#include "engine/base/clock.hpp"
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

Result<Awaited> await_replicas(const Request& request, const Connections& connections, const Run& run,
                               const Desired& wants, bool as_left, const Stage& stage) {
    Awaited out;
    const auto limit = converge_limit(request);
    if (!limit) return tl::unexpected(limit.error());
    std::vector<Address> addresses;
    for (const auto& [address, want] : wants)
        if (row_of(address.kind()).in_directory) addresses.push_back(address);
    if (addresses.empty() || !*limit) return out;
    const auto replicas = connections.replicas();
    if (!replicas) return tl::unexpected(replicas.error());
    const Patience patience{.limit_s = as_left ? **limit : 0,
                            .clock = system_now,
                            .sleep = sleep_unless_interrupted,
                            .say = [&](const Convergence& now) {
                                stage.bar(fmt::format("Waiting for replication: {} of {} values at {}", now.shown,
                                                      now.of, report::count(now.replicas.size(), "controller")),
                                          now.shown, now.of);
                            }};
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

bool wait_until(std::int64_t then, std::string_view what, const Stage& stage) {
    const std::int64_t began = system_now();
    for (std::int64_t now = began; now < then; now = system_now()) {
        stage.bar(what, static_cast<std::size_t>(now - began), static_cast<std::size_t>(then - began));
        if (!sleep_unless_interrupted(1)) return false;
    }
    return true;
}

}  // namespace fairway::cli
