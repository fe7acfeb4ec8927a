// Which addresses must be read to judge what is wanted? Pure.
#pragma once

#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// Every address that is wanted, what decides about it, and all that the path conditions look at. Of a host that is not
// covered only whose its account is, where a covered host has it as a peer.
std::vector<Address> scope(const Desired& desired, const Inventory& inventory);

}  // namespace fairway
