// What does the policy want of each address? Binds rules to hosts, works out names of peers, and lays exceptions over
// the wants. Pure: the time is an argument.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/want.hpp"
#include "engine/plan/identity.hpp"

namespace fairway {

// Complaints: rules that disagree on an address (both lines named), rules that select no host, exceptions
// for hosts that the inventory does not have. Where hosts come and go by searches, the last two are no complaints but
// what for_nobody() gives. `now`: seconds since 1970, UTC.
//
// What would write the name of a host that is in doubt becomes a want of its own that says why; the rest of the rule's
// want stands.
Checked<Desired> desire(const Policy& policy, const Inventory& inventory, std::int64_t now, const Doubts& doubts = {});

// The exceptions and rules that are for no host of an inventory with searches, now.
std::vector<EstateFinding> for_nobody(const Policy& policy, const Inventory& inventory);

// The exceptions that have ended: their rules apply again.
std::vector<const Exception*> expired(const Policy& policy, std::int64_t now);

}  // namespace fairway
