// The two handles of the port over any connections. open_reader and open_writer (ldap.hpp) make them for
// real servers; tests make them for a server in memory and look at the counter.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "engine/provider.hpp"
#include "providers/ldap/accounts.hpp"
#include "providers/ldap/controllers.hpp"
#include "providers/ldap/line.hpp"
#include "providers/ldap/principals.hpp"
#include "providers/ldap/recall.hpp"

namespace fairway::ldap {

// One domain's controller, and a connection to it.
template <class W>
using Domain = Controllers::Opened<W>;

// Which of several domains holds an object's account; what it does not know is in the first.
using Territory = std::unordered_map<std::string, std::size_t>;
Territory territory(const Inventory& inventory);
std::size_t domain_of(const Territory& where, const std::string& object);

class DirectoryReader final : public Reader {
public:
    explicit DirectoryReader(std::vector<Domain<ReadWire>> domains, Territory where = {},
                             std::optional<Recall> recall = {})
        : domains_(std::move(domains)), where_(std::move(where)), recall_(std::move(recall)) {}

    // About one search for every accounts_per_search hosts, several at once, never one for each host; with a Recall,
    // four requests where nothing changed. Names of accounts behind SIDs: one more for a hundred, once in a handle.
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;
    std::size_t requests() const;

private:
    void show_names(Snapshot& snapshot);
    Result<void> read_domain(Domain<ReadWire>& domain, const Asked& asked, Readings& out,
                             const std::function<bool(std::size_t done)>& go_on);

    std::vector<Domain<ReadWire>> domains_;
    Territory where_;
    std::optional<Recall> recall_;
    Principals principals_;
};

class DirectoryWriter final : public Writer {
public:
    explicit DirectoryWriter(std::vector<Domain<Wire>> domains, Territory where = {})
        : domains_(std::move(domains)), where_(std::move(where)) {}

    // Two requests: what is there now, and one modify that repeats what it takes for granted; a third where names of
    // accounts must become SIDs.
    Result<void> write(const Address& address, const Value& before, const Value& after) override;
    std::vector<Replica> replicas() const override;
    std::size_t requests() const;

private:
    Result<std::vector<Modification>> encode_names(const Address& address, const Set& before, const Set& after,
                                                   std::span<const std::string> current);

    std::vector<Domain<Wire>> domains_;
    Territory where_;
};

}  // namespace fairway::ldap
