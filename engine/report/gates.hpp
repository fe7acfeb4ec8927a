// What gates saw, and what a plan and its next phase are expected to take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/run.hpp"
#include "engine/model/window.hpp"
#include "engine/report/style.hpp"
#include "engine/run/apply.hpp"

namespace fairway::report {

std::string text(const GateSeen& seen, const Style& style);
Json json(const GateSeen& seen);
Json json(const std::vector<GateSeen>& gates);  // each with its time

// `now`: seconds since 1970, UTC.
std::string estimate_text(const Phase& phase, const Estimate& estimate, const std::optional<Span>& window,
                          std::int64_t now);
Json estimates_json(const Applied& applied);

// Of a whole plan, before it is applied. The longest rounds count, so it is an upper bound of what was seen.
// `warning`: as too_long says it, or empty.
std::string time_text(const Estimate& time, const std::string& warning, const Style& style);
Json json(const Estimate& time);
// Why a plan cannot be made whole in the window; empty: it can, or there is none.
std::string too_long(const Estimate& time, const std::optional<Span>& window, std::int64_t now);

}  // namespace fairway::report
