// Findings about the estate that no want gives, and their form in plan files and results. Pure.
#pragma once

#include <vector>

#include "engine/base/fields.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/policy.hpp"
#include "engine/paths/simulate.hpp"

namespace fairway {

// Paths that stay closed when all that the findings ask for is done, by cause. `outlook`: the hosts as they are then;
// `closed`: which of the paths are looked at.
std::vector<EstateFinding> closed_paths(const std::vector<Mesh>& outlook, const std::vector<Matrix>& closed,
                                        const std::vector<Finding>& findings);

// Values of delegation lists that no client ever asks for (malformed, not ASCII), or whose third part is no domain of
// the inventory: they are rights that nobody sees to.
std::vector<EstateFinding> odd_delegations(const Inventory& inventory, const Snapshot& snapshot);

// Hosts of whose peers a rule asks something and who have none: such a rule holds because it asks nothing.
std::vector<EstateFinding> without_peers(const Policy& policy, const Inventory& inventory, std::int64_t now);

// Services of computers that are gone, of classes that no rule about such computers takes: Fairway never wrote them, so
// what they were for, people know.
std::vector<EstateFinding> vanished_of_other_classes(const Policy& policy, const Inventory& inventory,
                                                     const Snapshot& snapshot, std::int64_t now);

Json to_json(const EstateFinding& finding);
EstateFinding estate_finding_from(Fields fields);

Json to_json(const FoundSince& since);
FoundSince found_since_from(Fields fields);

}  // namespace fairway
