// What follows in an embedded estate from what is set, as it would on real hosts: where a host listens, and
// whether a trial migration works. Written apart from the engine's path conditions on purpose: a law holds
// the two against each other.
#pragma once

#include "engine/provider.hpp"
#include "providers/memory/world.hpp"

namespace fairway::memory {

// Sets host.listeners of `host` from its addresses, networks and switch; leaves it alone without addresses.
void settle_listeners(World& world, const std::string& host);

// Whether the VMs that the elements name may come: no machine there has such a name.
Result<void> room_for(const World& world, const std::string& host, const Set& came);

// Has host.machines follow verify.trial_vms: `came` and `went` are elements of it.
void settle_trial_vms(World& world, const std::string& host, const Set& came, const Set& went);

// Moves the VM in `world`, or says with Hyper-V's code why it stays. `inventory` gives the full names.
Result<MoveProof> migrate(World& world, const Inventory& inventory, const TrialMove& trial);

// An embedded VM runs, and its id is its name.
std::optional<Machine> machine_on(const World& world, const std::string& host, const std::string& vm);
MoveRoom room_at(const World& world, const std::string& host);

}  // namespace fairway::memory
