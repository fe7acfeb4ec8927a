// Which host is changed in which wave? The phase of the hosts becomes a phase for each wave. Pure.
#pragma once

#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

// `phases` are those of a plan without waves, in order. What is due behind each of them is set as well.
std::vector<Phase> in_waves(std::vector<Phase> phases, const Rollout& rollout, const Inventory& inventory);

// Code::bad_input: the canary names a host, or a tag, that the inventory does not have.
Result<void> knows_its_hosts(const Rollout& rollout, const Inventory& inventory);

}  // namespace fairway
