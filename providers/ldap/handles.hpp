// The two handles of the port over any connections. open_reader and open_writer (ldap.hpp) make them for
// real servers; tests make them for a server in memory and look at the counter.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "engine/provider.hpp"
#include "providers/ldap/accounts/caller.hpp"
#include "providers/ldap/accounts/domains.hpp"
#include "providers/ldap/accounts/principals.hpp"
#include "providers/ldap/recall/recall.hpp"

namespace fairway::ldap {

class DirectoryReader final : public Reader {
public:
    explicit DirectoryReader(Domains<ReadWire> domains, std::optional<Recall> recall = {})
        : domains_(std::move(domains)), recall_(std::move(recall)) {}

    // About one search for every accounts_per_search hosts, several at once, never one for each host; with a Recall,
    // four requests where nothing changed. Names of accounts behind SIDs: one more for a hundred, once in a handle.
    // What is asked of the caller: two, once in a handle for each domain.
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;
    std::size_t requests() const { return domains_.requests(); }

private:
    void show_names(Snapshot& snapshot);
    Reading about_caller(std::size_t domain, const std::map<std::size_t, Error>& lost);
    Result<void> read_domain(Domain<ReadWire>& domain, const Asked& asked, Readings& out, const GoOn& go_on);

    Domains<ReadWire> domains_;
    std::optional<Recall> recall_;
    std::set<std::size_t> warned_;  // of the domains whose controllers are too old for what was read
    Principals principals_;
    Callers callers_;
};

class DirectoryWriter final : public Writer {
public:
    explicit DirectoryWriter(Domains<Wire> domains) : domains_(std::move(domains)) {}

    // What is there now, by one search for accounts_per_search accounts, and for each write one modify that repeats
    // what it takes for granted; one more where names of accounts must become SIDs. Modifies go out most_under_way at a
    // time.
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override;
    std::vector<Replica> replicas() const override;
    std::size_t requests() const { return domains_.requests(); }

private:
    // A modify that is ready to be sent; its place among the writes.
    struct Ready {
        std::size_t write = 0;
        std::string dn;
        std::vector<Modification> modifications;
    };
    Result<std::vector<Modification>> encode_names(const Address& address, const Set& before, const Set& after,
                                                   std::span<const std::string> current);
    Result<std::vector<Modification>> encode_for(const Write& write, const Account& account);
    std::map<std::string, Result<Account>> accounts_of(std::span<const Write> writes);
    void send_all(Domain<Wire>& domain, std::span<const Ready> ready, std::span<const Write> writes,
                  const MayBegin& may_begin, const WriteAnswered& answered);

    Domains<Wire> domains_;
};

}  // namespace fairway::ldap
