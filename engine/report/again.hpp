// What differs in a fresh plan from the one that was reviewed, for whoever must look at it once more.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/plan/again.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/findings.hpp"

namespace fairway::report {

// The fresh plan with the changes that differ in place of all of them; with `full`, before all of them.
std::string again_text(const PlanFile& reviewed, const PlanFile& fresh, const std::vector<Revised>& changes,
                       const Style& style, const Detail& detail);
// {"plan_id": of the reviewed one, "same": […], "gone": […], "new": […], "other": […], "unchanged_hosts": […]}
Json again_json(const PlanFile& reviewed, const std::vector<Revised>& changes);

}  // namespace fairway::report
