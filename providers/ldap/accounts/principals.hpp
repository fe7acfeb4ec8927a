// Which account is behind a security identifier, and the other way round, asked for many at once. An account of the
// home domain is shown by its sAMAccountName, one of another domain of the inventory as NAME@domain, everybody else
// as S-1-5-…. Knows searches, and not who carries them.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/model/value.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/identity/sid.hpp"

namespace fairway::ldap {

// The domains that can be searched.
struct Searchable {
    std::vector<std::string> domains;  // DNS names, lower case
    // Below the domain's naming context; `search.base` is left to it.
    std::function<Result<void>(std::size_t domain, AccountSearch search, const AccountSink& sink)> search;
};

// Remembers whom it found, for as long as a handle lives.
class Principals {
public:
    // One search for every accounts_per_search that were not asked for before.
    Result<std::map<Sid, std::string>> names(const Searchable& where, std::size_t home, const std::set<Sid>& sids);

private:
    struct Known {
        std::set<std::size_t> asked;  // the domains that were asked
        std::string name;             // empty: nobody there
        std::size_t domain = 0;
    };
    Result<void> look_up(const Searchable& where, std::size_t domain, const std::set<Sid>& sids);

    std::map<Sid, Known> known_;
};

// The other way round, and never from memory: a name can go to another account. Who is not found is left out.
Result<std::map<std::string, Sid>> sids_of(const Searchable& where, std::size_t home, const Set& names);

}  // namespace fairway::ldap
