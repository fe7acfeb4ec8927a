// What the journal remembers of first contact with hosts: which builds of Windows were tried, and rehearsed writes.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/options.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/assumption.hpp"
#include "engine/model/inventory.hpp"

namespace fairway::cli {

// By whom, from where, and now.
Contact contact_with(const std::string& host, const Inventory& inventory, Contact::What what);

// Notes every host whose build was told, under the lock of the store. Not to remember it is no reason to fail: then the
// answer says so, for stderr.
std::string remember(const Request& request, const Inventory& inventory, const std::vector<FirstContact>& seen);

}  // namespace fairway::cli
