// Which open paths the steps of a plan close on the way, and which steps open them again.
#pragma once

#include <string>

#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// The first five paths, a line each; empty: no step closes one.
std::string closed_text(const Plan& plan, const Style& style);

}  // namespace fairway::report
