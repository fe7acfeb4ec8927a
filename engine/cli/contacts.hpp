// What the journal remembers of first contact with hosts: which builds of Windows were tried, and rehearsed writes.
#pragma once

#include <string>
#include <vector>

#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/options.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/assumption.hpp"
#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"

namespace fairway::cli {

// By whom, from where, and now.
Contact contact_with(const std::string& host, const Inventory& inventory, Contact::What what);

// Notes every host whose build was told, under the lock of the store. Not to remember it is no reason to fail: then the
// answer says so, for stderr.
std::string remember(const Request& request, const Inventory& inventory, const std::vector<FirstContact>& seen);

// The builds of Windows of the hosts that a plan changes of which the journal has no probe of assumptions, or one that
// refuted some: a sentence for each. Asks these hosts for their builds, where
// the journal has a probe. An embedded estate has no Windows.
Result<std::vector<std::string>> not_probed(const Plan& plan, const Inventory& inventory, Reader& reader,
                                            const Journal* journal);

// The same before a run: each is a warning, and refused where the plan's policy requires hosts that were probed.
Loaded<std::vector<std::string>> warn_not_probed(const Plan& plan, Ground& held, const Stage& stage);

}  // namespace fairway::cli
