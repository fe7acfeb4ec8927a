// The port: what the engine asks of the outside. Reading and writing are different handles, made by
// different calls, so that a dry run has nothing to write with.
//
// Contract, held by the laws for every provider:
//  * read() answers every address it is given, with a value, with nothing, or with an Error; it has no
//    side effect on the server and may be repeated. Values are canonical (model/value.hpp).
//  * write() makes `after` of `before` at one address, and only if the server still holds `before`
//    where that can be had in one step: whole for a scalar, element by element for a set (elements that
//    it does not name are kept). An Error says nothing about the effect: the caller reads again. Only `stale` does:
//    somebody else was first, and nothing was written. write_all() makes several, each by the same rules.
//  * A row with Atomic::yes is written wholly or not at all, whatever happens to us meanwhile.
//  * A Mover has a migration checked, then made, and then looks for the VM at both ends. It neither refuses a move that
//    the engine asks for nor corrects one that failed: whether and what to do about it the engine decides, with find(),
//    room(), sight() and remove_planned().
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/event.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/registered_names.hpp"
#include "engine/model/rights.hpp"
#include "engine/model/seen_computer.hpp"
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
    // For a first look: all of them, in any order, with what else their accounts say.
    virtual Result<std::vector<SeenComputer>> look(const HostSearch& search) = 0;
};

// What a host itself logged. No side effects. An Error: it was not seen, and why.
class HostLogs {
public:
    virtual ~HostLogs() = default;
    virtual Result<ClockSeen> clock(const Host& host) = 0;
    // Its VMMS-Admin, Worker-Admin and High-Availability-Admin logs from a moment of its clock (seconds since 1970,
    // UTC) on, oldest first, at most `most_events_of_host`.
    virtual Result<EventFile> events(const Host& host, std::int64_t since) = 0;
};

// What is seen of a host beside its settings, for a diagnosis. No side effects.
class HostSights : public HostLogs {
public:
    // Tried from here, at the address that the program connects to; in the order of the question.
    virtual std::vector<PortSeen> ports(const Host& host, std::span<const std::uint16_t> ports) = 0;
    // A full name by the resolver here, and back. No addresses: the resolver knows none.
    virtual Result<NameSeen> resolve(const std::string& name) = 0;
    // What the host itself says: the addresses to which it resolves a full name, none if it knows no such name; the TCP
    // ports of it on which something listens.
    virtual Result<std::vector<std::string>> resolve_at(const Host& host, const std::string& name) = 0;
    virtual Result<std::set<std::uint16_t>> listening(const Host& host) = 0;
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

// One write of several; what it refers to outlives the call.
struct Write {
    const Address& address;
    const Value &before, &after;
};

// May a write begin? From `until` on it may not, so nobody waits longer for a connection.
class MayBegin {
public:
    using Clock = std::chrono::steady_clock;
    MayBegin() = default;  // always
    template <std::predicate Ask>
    MayBegin(Ask ask, Clock::time_point until = Clock::time_point::max())
        : ask_([ask = std::move(ask), until] { return Clock::now() < until && ask(); }), until_(until) {}

    bool operator()() const { return !ask_ || ask_(); }
    Clock::time_point until() const { return until_; }
    // The same, and `told` hears every answer.
    MayBegin heard_by(std::function<void(bool)> told) const {
        MayBegin out;
        out.until_ = until_;
        out.ask_ = [self = *this, told = std::move(told)] {
            const bool may = self();
            told(may);
            return may;
        };
        return out;
    }

private:
    std::function<bool()> ask_;
    Clock::time_point until_ = Clock::time_point::max();
};
// Nothing: it was not begun.
using WriteAnswered = std::function<void(std::size_t number, std::optional<Result<void>> answer)>;

class Writer {
public:
    virtual ~Writer() = default;
    // All at the same time, as far as the provider's limits go. Each is of another object, and each is answered once,
    // in any order, from the thread that calls. `may_begin` is asked right before the first request of each that
    // changes something, as what comes before it may take long; after a no none begins, and what is under way is waited
    // for.
    virtual void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) = 0;
    Result<void> write(const Address& address, const Value& before, const Value& after) {
        const Write one{address, before, after};
        Result<void> out;
        write_all(
            {&one, 1}, [] { return true; }, [&](std::size_t, auto answer) { out = std::move(*answer); });
        return out;
    }
    // The replicas to which it is bound, for the journal: a run is read and written at these and no others.
    virtual std::vector<Replica> replicas() const { return {}; }
};

// A VM as one host has it.
struct Machine {
    std::string id;  // stays the same wherever the VM is
    std::string name;
    bool running = false;
    std::optional<std::int64_t> memory_mb = {};  // that it starts with; empty: nobody says
};

// What one host knows of the VM of one id.
struct Sighting {
    std::optional<Machine> machine;
    bool planned = false;  // a planned VM, as checks and moves that failed leave at a destination
    bool moving = false;   // a migration of it from this host has not ended
};

// Whether a host can take part in trial moves now.
struct MoveRoom {
    std::int64_t most_live = 0, most_storage = 0;  // migrations at once
    std::int64_t live = 0, storage = 0;            // that run
    std::string draining;                          // why its cluster keeps VMs away from it; empty: it does not
};

struct TrialMove {
    std::string vm;        // its name, for people
    std::string from, to;  // host names
    bool storage = false;
    std::string id = {};  // of the VM
};

// What was seen of a trial move, from its beginning on; of one that failed, how far it came.
struct MoveProof {
    enum class Stage { preparing, checking, moving, arriving, proved };
    Stage stage = Stage::preparing;
    std::string check, job;                 // as the source host names them; empty: there was none
    std::vector<std::string> states = {};   // of the job, one after the other: "running 12 %"
    int percent = 0;                        // of the job that runs
    std::chrono::milliseconds took{};       // from the request to the end of the job
    std::string transport = {};             // a word of migration.performance, as both ends are set
    std::optional<std::size_t> disks = {};  // named to move with the VM; empty: none were asked about
    std::vector<std::string> paths = {};    // of its virtual hard disks, as the destination has them
};

// A trial move that is under way.
class Moving {
public:
    virtual ~Moving() = default;
    // Does what can be done without waiting. Nothing: call again after a while. Otherwise it is over: it is proved, or
    // an Error says why not.
    virtual std::optional<Result<void>> step() = 0;
    virtual const MoveProof& proof() const = 0;
};

class Mover {
public:
    virtual ~Mover() = default;
    // By name or id. Nothing: the host has no such VM. Error: it has several, or cannot be asked.
    virtual Result<std::optional<Machine>> find(const std::string& host, const std::string& vm) = 0;
    virtual Result<MoveRoom> room(const std::string& host) = 0;
    // Nothing is asked or done before the first step(). Several may be under way, each of another VM.
    virtual std::unique_ptr<Moving> begin(const TrialMove& trial) = 0;
    virtual Result<Sighting> sight(const std::string& host, const std::string& id) = 0;
    // Takes away a planned VM, and never one that is more than planned.
    virtual Result<void> remove_planned(const std::string& host, const std::string& id) = 0;
};

}  // namespace fairway
