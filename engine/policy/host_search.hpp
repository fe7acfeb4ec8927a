// The searches for hosts: out of the inventory's document, and back into the inventory as the hosts that they found.
// Nothing is asked here.
#pragma once

#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// One search. `first_domain`: the one that is asked where no base says another.
// False: a directory's domain was refused, so nobody can say whose a name is.
bool all_domains_are_names(const Inventory& inventory);

// Why an account can be no host of this name, in words that stand behind it; empty: nothing speaks against it.
std::string unfit(const FoundHost& one, const std::string& name);

HostSearch read_search(const Node& node, const Reach& reach, const Inventory& inventory,
                       const std::string& first_domain, Complaints& complaints);

// The inventory with the hosts of its searches, `found` in the order of `searches`: those of the document first, then
// the others by name, so that the same accounts make the same inventory. Its digest covers them all. An account that
// can be no host is left out, which is a finding and ends nothing; a search that finds no host is a complaint.
Checked<Inventory> with_found(Inventory inventory, const std::vector<FoundHosts>& found);

}  // namespace fairway
