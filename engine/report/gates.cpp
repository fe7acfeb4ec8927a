// See gates.hpp.
#include "engine/report/gates.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

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

}  // namespace fairway::report
