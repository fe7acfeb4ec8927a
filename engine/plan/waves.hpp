// Which host is changed in which wave? The phase of the hosts becomes a phase for each wave. Pure.
#pragma once

#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway {

// `phases` are those of a plan without waves, in order. What is due behind each of them is set as well.
std::vector<Phase> in_waves(std::vector<Phase> phases, const Rollout& rollout, const Inventory& inventory,
                            const Snapshot& snapshot);

// Of a rollback: the hosts in the waves of the plan that it undoes, the last one first, and nothing due between them.
std::vector<Phase> waves_back(std::vector<Phase> phases, const Plan& undone);

// Code::bad_input: the canary names a host, or a tag, that the inventory does not have.
Result<void> knows_its_hosts(const Rollout& rollout, const Inventory& inventory);

}  // namespace fairway
