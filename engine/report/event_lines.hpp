// A run as a program outside follows it: one JSON object a line while it happens. `fairway schema events` prints the
// form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/model/run.hpp"
#include "engine/run/apply.hpp"

namespace fairway::report {

Json event_json(const Event& event);
Json event_json(const std::string& run, const GateSeen& seen);
// `deadline`: seconds since 1970, UTC, when the waiting ends in any case.
Json waiting_json(std::string_view what, std::int64_t deadline);
Json end_json(const Applied& applied);

// JSON Schema of a line.
std::string event_schema();

}  // namespace fairway::report
