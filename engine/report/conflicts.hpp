// Conflicts for machines: which rules, over which value (plan/conflicts.hpp).
#pragma once

#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/plan/conflicts.hpp"

namespace fairway::report {

Json json(const std::vector<Conflict>& conflicts);

}  // namespace fairway::report
