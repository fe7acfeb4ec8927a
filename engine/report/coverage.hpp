// Which hosts a plan or an audit says nothing of, and why.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// "Not covered: 3 hosts" and a line for each reason; empty where all are covered.
std::string not_covered_text(const std::vector<NotCovered>& all, const Style& style);

Json covered_json(const Inventory& inventory);  // the names of the hosts that it speaks of

}  // namespace fairway::report
