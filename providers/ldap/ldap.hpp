// The directory as a provider: reads and writes the settings of computer accounts in Active Directory.
// Start at README.md. A reader cannot write: it holds a connection that has no word for it.
#pragma once

#include <memory>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/base/recording.hpp"
#include "engine/model/assumption.hpp"
#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"
#include "providers/ldap/recall/recall.hpp"

namespace fairway::ldap {

// `pinned`: controllers that a run is bound to already. Handles of one Controllers speak to the same ones; nothing is
// connected before it is used. Every operation is kept in `recording`, if there is one.
std::shared_ptr<Controllers> reach(const Inventory& inventory, std::vector<Replica> pinned = {},
                                   SharedRecording recording = {});

// `recall` is for audits, which need not read again what did not change.
// Connected to one controller of each domain of the inventory, and bound to these for good: what another one holds may
// be older or newer. A handle is for one thread at a time.
Result<std::unique_ptr<Reader>> open_reader(const std::shared_ptr<Controllers>& controllers,
                                            std::optional<Recall> recall = {});

// What the caller may write there, at the same controllers.
Result<std::unique_ptr<RightsReader>> open_rights_reader(const std::shared_ptr<Controllers>& controllers);

// Service principal names in the whole forest, by a global catalogue; where none answers, in the inventory's domain,
// and the answer says so.
Result<std::unique_ptr<NameReader>> open_name_reader(const std::shared_ptr<Controllers>& controllers);

// All controllers of the inventory's domains; the handles of `controllers` stay bound to theirs.
Result<std::unique_ptr<Replicas>> open_replicas(const std::shared_ptr<Controllers>& controllers);

// The hosts that the inventory's searches find, one request for each page of accounts.
Result<std::unique_ptr<HostFinder>> open_finder(const std::shared_ptr<Controllers>& controllers);

// What a diagnosis looks at; it is given also where nobody can be connected to.
Result<std::unique_ptr<DirectorySights>> open_sights(const std::shared_ptr<Controllers>& controllers);

// Which of our assumptions about the directory hold in the domain that holds the host's account, by reading that
// account and what stands around it. Where nobody can be connected to, what needs no sign-on is tried all the same.
Result<DirectoryContact> first_contact(const std::shared_ptr<Controllers>& controllers, const Host& host);

// As open_reader, and refused where the forest makes every modify permissive (dSHeuristics), because then
// nobody would notice that two hands change one account at once.
Result<std::unique_ptr<Writer>> open_writer(const std::shared_ptr<Controllers>& controllers);

}  // namespace fairway::ldap
