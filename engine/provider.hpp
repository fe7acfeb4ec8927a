// The port: what the engine asks of the outside. Reading and writing are different handles, made by
// different calls, so that a dry run has nothing to write with.
//
// Contract, held by the laws for every provider:
//  * read() answers every address it is given, with a value, with nothing, or with an Error; it has no
//    side effect on the server and may be repeated. Values are canonical (model/value.hpp).
//  * write() makes `after` of `before` at one address, and only if the server still holds `before`
//    where that can be had in one step: whole for a scalar, element by element for a set (elements that
//    it does not name are kept). An Error says nothing about the effect: the caller reads again. Only `stale` does:
//    somebody else was first, and nothing was written.
//  * A row with Atomic::yes is written wholly or not at all, whatever happens to us meanwhile.
//  * move() asks for one trial migration, waits for its end, and says what it saw.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/base/error.hpp"
#include "engine/model/event.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/registered_names.hpp"
#include "engine/model/rights.hpp"
#include "engine/model/sight.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/stamp.hpp"

namespace fairway {

// Called as objects are done and now and then while waiting, from the thread that reads; may be empty. False: read no
// further; what is left is answered with an Error.
using Progress = std::function<bool(std::size_t done, std::size_t of)>;

class Reader {
public:
    virtual ~Reader() = default;
    virtual Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) = 0;
};

// Which accounts hold which service principal names. Every account that the question fits comes once and whole, from as
// much of the forest as can be seen, together with the aliases of service classes; no side effects, as with read().
class NameReader {
public:
    virtual ~NameReader() = default;
    virtual Result<RegisteredNames> names(const NameQuestion& question) = 0;
    // The suffixes that a domain allows in full names of its computers, beside its own name (msDS-AllowedDNSSuffixes).
    virtual Result<Set> dns_suffixes(const std::string& domain) = 0;
};

// What the caller may write, if the server can say so in advance. Every address is answered; otherwise the right
// is unknown, with a reason. No side effects, as with read().
class RightsReader {
public:
    virtual ~RightsReader() = default;
    virtual Rights may_write(std::span<const Address> addresses, const Progress& progress = {}) = 0;
};

// Which changes every copy of the directory has. No side effects, as with read().
class Replicas {
public:
    virtual ~Replicas() = default;
    // All that hold what the inventory is about, those that cannot be reached too. Empty: there is one copy of all.
    virtual Result<std::vector<Holder>> all() = 0;
    // What one of them says of those of the addresses that are of its domain. An Error: it cannot be asked.
    virtual Result<ChangeStamps> stamps(const Replica& replica, std::span<const Address> addresses) = 0;
};

// Which computer accounts a search of the inventory finds: every one once, disabled ones apart. No side effects.
class HostFinder {
public:
    virtual ~HostFinder() = default;
    virtual Result<FoundHosts> find(const HostSearch& search) = 0;
};

// What is seen of a host beside its settings, for a diagnosis. No side effects. An Error: it was not seen, and why.
class HostSights {
public:
    virtual ~HostSights() = default;
    // Tried from here, at the address that the program connects to; in the order of the question.
    virtual std::vector<PortSeen> ports(const Host& host, std::span<const std::uint16_t> ports) = 0;
    // A full name by the resolver here, and back. No addresses: the resolver knows none.
    virtual Result<NameSeen> resolve(const std::string& name) = 0;
    // What the host itself says: its clock; the addresses to which it resolves a full name, none if it knows no such
    // name; the TCP ports of it on which something listens; its VMMS-Admin, Worker-Admin and High-Availability-Admin
    // logs from a moment (seconds since 1970, UTC) on, oldest first, at most `most_events_of_host`.
    virtual Result<ClockSeen> clock(const Host& host) = 0;
    virtual Result<std::vector<std::string>> resolve_at(const Host& host, const std::string& name) = 0;
    virtual Result<std::set<std::uint16_t>> listening(const Host& host) = 0;
    virtual Result<EventFile> events(const Host& host, std::int64_t since) = 0;
};

// What is seen of the directory's domains beside accounts of hosts. No side effects.
class DirectorySights {
public:
    virtual ~DirectorySights() = default;
    // Those of the inventory's domains, with their ports tried from here.
    virtual Result<std::vector<ControllerSeen>> controllers() = 0;
    // What the KDC of the caller's credentials gives for a service, such as "cifs/hv02.corp.example".
    virtual Result<TicketSeen> ticket(const std::string& service) = 0;
    // An account of the inventory's domains by its name, user principal name or "DOMAIN\name". Code::not_found: none.
    virtual Result<AccountSeen> account(const std::string& name) = 0;
};

class Writer {
public:
    virtual ~Writer() = default;
    virtual Result<void> write(const Address& address, const Value& before, const Value& after) = 0;
    // The replicas to which it is bound, for the journal: a run is read and written at these and no others.
    virtual std::vector<Replica> replicas() const { return {}; }
};

struct TrialMove {
    std::string vm;
    std::string from, to;  // host names
    bool storage = false;
};

struct MoveProof {
    std::string job;  // as the source host names it
    std::chrono::milliseconds took{};
    std::string detail;                     // what the host said at the end
    std::string transport;                  // what was asked for: a word of migration.performance, as both ends are set
    std::optional<std::size_t> disks = {};  // named to move with the VM; empty: none were asked about
};

// Percent of a move that is done, as the host says now and then; may be empty.
using MoveProgress = std::function<void(int percent)>;

class Mover {
public:
    virtual ~Mover() = default;
    virtual Result<MoveProof> move(const TrialMove& trial, const MoveProgress& progress = {}) = 0;
};

}  // namespace fairway
