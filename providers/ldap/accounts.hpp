// The questions that are asked of a directory server, as few as can be: what the server itself is (the
// rootDSE), the accounts of many hosts at once, the heuristics of the forest. Everything that comes back
// is checked; nothing here knows what an attribute means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/ldap/wire.hpp"

namespace fairway::ldap {

inline constexpr std::size_t accounts_per_search = 100;
inline constexpr int entries_per_page = 500;  // below every controller's MaxPageSize (1000)

// MS-ADTS 3.1.1.3.2.
struct Root {
    std::string dns_name;  // of the server
    std::string default_context;
    std::string configuration_context;
    std::string server_object;  // dsServiceName
    std::vector<std::string> mechanisms;
    std::optional<std::int64_t> time_s;  // by the server's clock, since 1970
    bool synchronized = true;            // false: a fresh server that has not yet heard everything
};
// "20261122154547.0Z" as Active Directory writes it (GeneralizedTime, RFC 4517 3.3.13, in UTC).
std::optional<std::int64_t> parse_time_s(std::string_view text);

Result<Root> read_root(ReadWire& wire);

struct Account {
    std::string dn;
    std::map<std::string, std::vector<std::string>> values;  // by the names asked for; missing: no values

    std::span<const std::string> of(std::string_view attribute) const;
};
using Accounts = std::map<std::string, Result<Account>>;

// One paged search for up to accounts_per_search hosts; each host gets its account or its own Error. An
// Error as a whole: the search failed.
Result<Accounts> read_accounts(ReadWire& wire, const std::string& base, std::span<const std::string> hosts,
                               std::span<const std::string> attributes);

// dSHeuristics of the forest; empty text when it is not set (MS-ADTS 6.1.1.2.4.1.2).
Result<std::string> read_heuristics(ReadWire& wire, const std::string& configuration_context);

// Its fifth character, fLDAPUsePermMod: anything but 0 makes every modify permissive.
bool modifies_permissively(std::string_view heuristics);

}  // namespace fairway::ldap
