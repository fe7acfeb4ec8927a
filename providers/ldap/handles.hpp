// The two handles of the port over any connection. open_reader and open_writer (ldap.hpp) make them for
// real servers; tests make them for a server in memory and look at the counter.
#pragma once

#include <cstddef>
#include <string>

#include "engine/provider.hpp"
#include "providers/ldap/accounts.hpp"
#include "providers/ldap/line.hpp"

namespace fairway::ldap {

class DirectoryReader final : public Reader {
public:
    DirectoryReader(Line<ReadWire> line, Root root) : line_(std::move(line)), root_(std::move(root)) {}

    // About one search for every accounts_per_search hosts; never one for each host.
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;
    std::size_t requests() const { return line_.requests(); }

private:
    Line<ReadWire> line_;
    Root root_;
};

class DirectoryWriter final : public Writer {
public:
    DirectoryWriter(Line<Wire> line, Root root) : line_(std::move(line)), root_(std::move(root)) {}

    // Two requests: what is there now, and one modify that repeats what it takes for granted.
    Result<void> write(const Address& address, const Value& before, const Value& after) override;
    std::size_t requests() const { return line_.requests(); }

private:
    Line<Wire> line_;
    Root root_;
};

// Whether this server may be used: it is of the inventory's domain and has its data.
Result<void> check_root(const Root& root, const Directory& directory);

// Whether modifies of this forest keep their preconditions.
Result<void> check_heuristics(std::string_view heuristics);

}  // namespace fairway::ldap
