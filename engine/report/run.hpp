// What a run did, what trial moves proved, and the history of runs.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/journal/journal.hpp"
#include "engine/report/style.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/verify.hpp"

namespace fairway::report {

// The RECAP line, and how to go on where a run did not come to its end.
std::string text(const Applied& applied, std::size_t changes, const Style& style);
Json json(const Applied& applied);

std::string text(const Trial& trial, const Style& style);
Json json(const Trial& trial);

std::string text(const std::vector<RunLine>& history, const Style& style);
Json json(const std::vector<RunLine>& history);

}  // namespace fairway::report
