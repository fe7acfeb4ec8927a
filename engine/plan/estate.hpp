// Findings about the estate that no want gives, and their form in plan files and results. Pure.
#pragma once

#include <vector>

#include "engine/base/fields.hpp"
#include "engine/model/plan.hpp"
#include "engine/paths/simulate.hpp"

namespace fairway {

// Paths that stay closed when all that the findings ask for is done, by cause. `outlook`: the hosts as they are then;
// `closed`: which of the paths are looked at.
std::vector<EstateFinding> closed_paths(const std::vector<Mesh>& outlook, const std::vector<Matrix>& closed,
                                        const std::vector<Finding>& findings);

Json to_json(const EstateFinding& finding);
EstateFinding estate_finding_from(Fields fields);

Json to_json(const FoundSince& since);
FoundSince found_since_from(Fields fields);

}  // namespace fairway
