// The accounts that a directory server holds, whole: long attributes are fetched whole. Everything that comes
// back is checked; nothing here knows what an attribute means.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/ldap/controller/seen.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

// A server compares every entry that it finds with every name of the question: more names at once cost it more.
inline constexpr std::size_t accounts_per_search = 50;

// An Error is of this one account.
using AccountSink = std::function<void(const std::string& name, Result<Account>)>;

// Every account that `filters` find below `base`, in whatever order. False from `go_on` ends it.
struct AccountSearch {
    std::string base;
    std::vector<Filter> filters;
    std::vector<std::string> attributes;
    bool deleted = false;
    bool few = false;  // each filter finds a few accounts at most
};
Result<void> find_accounts(ReadWire& wire, const AccountSearch& search, const AccountSink& sink,
                           const std::function<bool()>& go_on = {});

// The accounts of these hosts, with one search for accounts_per_search of them. `sink` gets every host's account or its
// Error, by the host's name; the last word on a host is the one that counts (a second account of its name may come).
Result<void> read_accounts(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                           std::span<const std::string> attributes, const AccountSink& sink,
                           const std::function<bool()>& go_on = {});

// The same of accounts that were read before: only those that changed since are read whole (LDAP-7), the others are
// given as they are in `seen`, which keeps what is read, and what `sink` decoded of it.
using SeenSink = std::function<void(const std::string& name, Seen::Known& known)>;
Result<void> read_again(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                        std::span<const std::string> attributes, Seen& seen, const SeenSink& sink,
                        const std::function<bool()>& go_on = {});

Error no_account(const std::string& host, const std::string& base);

}  // namespace fairway::ldap
