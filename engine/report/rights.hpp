// What the caller may write of a plan, for the person who reviews it: one line where all is well, every refused write
// by its address, and what is not known grouped by the reason.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/rights.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const Plan& plan, const Rights& rights, const Style& style);
Json json(const Rights& rights);

}  // namespace fairway::report
