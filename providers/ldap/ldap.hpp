// The directory as a provider: reads and writes the settings of computer accounts in Active Directory.
// Start at README.md. A reader cannot write: it holds a connection that has no word for it.
#pragma once

#include <memory>

#include "engine/base/error.hpp"
#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"

namespace fairway::ldap {

// Connected to the first server of the inventory that can be reached, and bound to that one for the life
// of the handle: what another server holds may be older or newer. A handle is for one thread at a time.
Result<std::unique_ptr<Reader>> open_reader(const Inventory& inventory);

// Service principal names in the whole forest, by a global catalogue; where none answers, in the inventory's domain,
// and the answer says so.
Result<std::unique_ptr<NameReader>> open_name_reader(const Inventory& inventory);

// As open_reader, and refused where the forest makes every modify permissive (dSHeuristics), because then
// nobody would notice that two hands change one account at once.
Result<std::unique_ptr<Writer>> open_writer(const Inventory& inventory);

}  // namespace fairway::ldap
