// What a run came to at each host: how many of its changes were made, failed, were passed over.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"
#include "engine/run/apply.hpp"

namespace fairway::report {

// A row for hosts that fared alike, the worst first; empty where every change was made.
std::string recap_text(const Applied& applied, const Plan& plan, const Style& style);
Json recap_json(const Applied& applied, const Plan& plan);

}  // namespace fairway::report
