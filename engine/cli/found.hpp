// Which of the hosts that searches found are new? Reads the journal, and never makes one.
#pragma once

#include <optional>

#include "engine/cli/options.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"

namespace fairway::cli {

// Against the last run of the estate in the store; empty where the inventory does not search.
std::optional<FoundSince> found_since(const Request& request, const Inventory& inventory);

}  // namespace fairway::cli
