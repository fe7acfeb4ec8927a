// See gates.hpp.
#include "engine/report/gates.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {

std::string text(const GateSeen& seen, const Style& style) {
    std::string out = fmt::format(
        "  {} gate {}: {}\n", style(seen.passed ? Paint::good : Paint::bad, seen.passed ? "✓" : "✗"),
        fairway::text::printable(seen.gate), seen.saw.empty() ? "" : fairway::text::printable(seen.saw.front()));
    for (std::size_t i = 1; i < seen.saw.size(); ++i) out += "      " + fairway::text::printable(seen.saw[i]) + "\n";
    return out;
}

Json json(const GateSeen& seen) {
    return {{"phase", seen.phase}, {"gate", seen.gate}, {"passed", seen.passed}, {"saw", seen.saw}};
}

Json json(const std::vector<GateSeen>& gates) {
    Json out = Json::array();
    for (const GateSeen& one : gates) {
        out.push_back(json(one));
        out.back()["at"] = show_time(one.at);
    }
    return out;
}

std::string estimate_text(const Phase& phase, const Estimate& estimate, const std::optional<Span>& window,
                          std::int64_t now) {
    std::string out =
        fmt::format("{}: about {}, and {} to undo everything{}", title(phase), show_estimate(estimate.phase_ms),
                    show_estimate(estimate.undo_ms), estimate.assumed ? " (assumed: not measured yet)" : "");
    if (window) out += fmt::format("; the window ends in {}", show_estimate((window->until - now) * 1000));
    return out + "\n";
}

Json estimates_json(const Applied& applied) {
    Json out = Json::array();
    for (const auto& [phase, estimate] : applied.estimates)
        out.push_back({{"phase", phase},
                       {"phase_ms", estimate.phase_ms},
                       {"undo_ms", estimate.undo_ms},
                       {"assumed", estimate.assumed}});
    return out;
}

std::string time_text(const Estimate& time, const std::string& warning, const Style& style) {
    const std::string pauses = time.pauses_ms > 0
                                   ? fmt::format(" and {} of waiting between phases", show_estimate(time.pauses_ms))
                                   : std::string();
    return wrapped(fmt::format("Time, without gates and replication: up to {}{} to apply it, {} to roll it back ({}).",
                               show_estimate(time.phase_ms), pauses, show_estimate(time.undo_ms),
                               time.assumed ? "assumed: no run of this store measured all of it"
                                            : "from the longest rounds of this store's last runs"),
                   style, "", 0) +
           (warning.empty() ? std::string() : wrapped("warning: " + warning, style, "", 0));
}

Json json(const Estimate& time) {
    return {{"apply_ms", time.phase_ms},
            {"pauses_ms", time.pauses_ms},
            {"undo_ms", time.undo_ms},
            {"assumed", time.assumed}};
}

std::string too_long(const Estimate& time, const std::optional<Span>& window, std::int64_t now) {
    if (!window) return {};
    const std::int64_t has_ms = (window->until - std::max(window->from, now)) * 1000;
    const std::int64_t needs_ms = time.whole_ms() + time.pauses_ms;
    if (needs_ms <= has_ms) return {};
    return fmt::format(
        "the window has {}, and the plan may need {} with what it waits between phases and the time to undo "
        "everything: "
        "then the window ends the run before its last phase",
        show_estimate(has_ms), show_estimate(needs_ms));
}

}  // namespace fairway::report
