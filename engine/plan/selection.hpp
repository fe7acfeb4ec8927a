// Which hosts of an inventory does a rule select? Pure.
#pragma once

#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"

namespace fairway {

bool selects(const Select& select, const Host& host);

// In the inventory's order. All at once: a list of names is walked once, and not once for each host.
std::vector<const Host*> selected_by(const Select& select, const Inventory& inventory);

// Those that a rule names and the inventory does not have.
std::vector<const NamedHost*> unknown_hosts(const Select& select, const Inventory& inventory);

// Might a search find a host that this selects? Tags and groups stand in the document, so a slip there is a mistake.
bool may_select(const Select& select, const Inventory& inventory);

}  // namespace fairway
