// Which hosts a plan or an audit says nothing of, and why.
#pragma once

#include <string>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// "Not covered: 3 hosts" and a line for each reason; empty where all are covered.
std::string not_covered_text(const std::vector<NotCovered>& all, const Style& style);

}  // namespace fairway::report
