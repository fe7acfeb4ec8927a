// What came of rehearsing a plan: which of its changes are put back, and what it takes.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/report/style.hpp"
#include "engine/run/rehearsal.hpp"

namespace fairway::report {

std::string text(const Rehearsal& rehearsal, const PlanFile& plan, const Estimate& time, const Style& style);
Json json(const Rehearsal& rehearsal, const Estimate& time);

// What the plan's file says of its rehearsal; empty: nothing.
std::string rehearsed_text(const Plan& plan, const Style& style);

}  // namespace fairway::report
