// Which domain controller answers for each domain: found by DNS or named in the inventory, checked, and kept from then
// on for reading and writing alike, because what another one holds may be older or newer.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"
#include "providers/ldap/controller/root.hpp"
#include "providers/ldap/controller/seen.hpp"
#include "providers/ldap/wire/line.hpp"

namespace fairway::ldap {

struct Controller {
    std::string domain;
    std::string server;  // the name that it is dialled by
    Root root;
    std::string invocation;  // see read_invocation
};

Replica replica_of(const Controller& controller);

class Controllers {
public:
    // `pinned`: those that an earlier run was bound to. Only they are used for their domains.
    explicit Controllers(Inventory inventory, std::vector<Replica> pinned = {}, SharedRecording recording = {});

    const Inventory& inventory() const { return inventory_; }
    const SharedRecording& recording() const { return recording_; }

    // The controller of a domain with a connection to it; all who read share one. The first call for a domain chooses;
    // a server is passed over only when it cannot be reached or is not fit to be written, never because it says no.
    template <class W>
    struct Opened {
        std::shared_ptr<const Controller> controller;
        std::shared_ptr<Line<W>> line;
        std::shared_ptr<Seen> seen = std::make_shared<Seen>();  // of the domain, shared by all handles
    };
    Result<Opened<ReadWire>> to_read(const Directory& directory);
    Result<Opened<Wire>> to_write(const Directory& directory);

private:
    template <class W, class Dial>
    Result<Opened<W>> open(const Directory& directory, Dial dial);
    template <class W, class Dial>
    Result<Opened<W>> choose(const Directory& directory, const std::string& server, Dial dial);
    const Replica* pin_of(const Directory& directory) const;

    Inventory inventory_;
    std::vector<Replica> pinned_;
    SharedRecording recording_;
    std::map<std::string, std::shared_ptr<const Controller>> chosen_;  // by domain
    std::map<std::string, std::shared_ptr<Seen>> seen_;                // by domain
    std::map<std::string, Opened<ReadWire>> to_read_;                  // by domain
};

// The names of a domain's controllers, in the order in which they are tried: those of the inventory, else what DNS says
// (MS-ADTS 6.3.2), those of the site first.
Result<std::vector<std::string>> candidates(const Directory& directory);

// The same at the ports of a global catalogue (MS-ADTS 3.1.1.3.1.2). StartTLS works on the first as on 389.
Directory as_catalogue(Directory directory);

}  // namespace fairway::ldap
