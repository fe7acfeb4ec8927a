// Whether the directory's replicas have a run, and what hosts may remember, as text and as JSON.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/report/style.hpp"
#include "engine/run/converge.hpp"

namespace fairway::report {

std::string text(const Convergence& convergence, const Style& style);
Json json(const Convergence& convergence);

// Until then trial moves may fail although everything is right, and what to do about it.
std::string refusals_text(const std::string& run, std::int64_t until, std::int64_t now);
// The same for a run that waits before it goes on.
std::string purge_text(const std::string& run, std::int64_t until);
// The same in few words, for a move that failed.
std::string refusals_hint(std::int64_t until);

}  // namespace fairway::report
