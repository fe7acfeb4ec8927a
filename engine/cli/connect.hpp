// Which provider answers for what: an embedded estate for all of it, or WMI for hosts and LDAP for
// computer accounts. Reading, writing and moving are asked for apart, so plan and audit never hold more
// than a Reader.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "engine/base/recording.hpp"
#include "engine/model/assumption.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/probe.hpp"
#include "engine/provider.hpp"

namespace fairway::cli {

class Provider;  // providers.hpp

// What an audit may remember of the directory: where, and whether all is to be read all the same. Empty: nothing.
struct Recall {
    std::string folder;
    bool full = false;
    bool without_directory =
        false;  // where it cannot be reached, its values are errors and hosts are read all the same
};

// Handles of one Connections share their connections and sign-ons. Nothing is connected before it is used.
class Connections {
public:
    // `pinned`: the replicas of the directory that a run is bound to.
    // `recording`: keeps what is said to hosts and the directory; null: nothing does.
    Connections(const Inventory& inventory, const SharedRecording& recording, std::vector<Replica> pinned = {});
    Result<std::unique_ptr<Reader>> reader(const Recall& recall = {}) const;
    Result<std::unique_ptr<RightsReader>> rights() const;
    Result<std::unique_ptr<Writer>> writer() const;
    Result<std::unique_ptr<Mover>> mover() const;
    Result<Probe> probe(const Host& host) const;
    Result<std::unique_ptr<HostSights>> host_sights() const;
    Result<std::unique_ptr<HostLogs>> host_logs() const;
    Result<std::unique_ptr<DirectorySights>> directory_sights() const;
    Result<Probe> rehearse(const Host& host) const;                      // writes what is there already
    Result<FirstContact> first_contact(const Host& host) const;          // the recording keeps its notes in memory
    Result<DirectoryContact> directory_contact(const Host& host) const;  // the domain of the host's account
    Result<std::unique_ptr<Replicas>> replicas() const;
    Result<std::unique_ptr<NameReader>> names() const;  // the directory alone, no host is asked

private:
    const Provider& of(Kind kind) const;

    std::vector<Host> hosts_;
    std::array<std::shared_ptr<const Provider>, all_kinds.size()> providers_;  // in the order of Kind
};

// For an inventory's searches, before its hosts are known.
Result<std::unique_ptr<HostFinder>> connect_to_find(const Inventory& inventory, const SharedRecording& recording);

// The file whose lock stands for the estate on this machine: beside an embedded estate; else named after the
// directory's domain, in the folder of locks.
std::string estate_lock(const Inventory& inventory);

}  // namespace fairway::cli
