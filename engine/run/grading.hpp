// Asks the forest whose the names are that a plan adds, in one question and only where the inventory does not say so
// for certain, and has the plan graded (plan/risk).
#pragma once

#include <functional>
#include <memory>

#include "engine/model/plan.hpp"
#include "engine/provider.hpp"

namespace fairway {

// `open` is called only where something must be asked. A failure grades the names as critical and ends nothing.
void grade_with(Plan& plan, const Inventory& inventory, const Snapshot& snapshot,
                const std::function<Result<std::unique_ptr<NameReader>>()>& open);

}  // namespace fairway
