// What a directory server says of itself (the rootDSE, its settings object) and of its forest, and whether that makes
// it fit to be read or written. Knows nothing of accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/ldap/wire/wire.hpp"

namespace fairway::ldap {

// MS-ADTS 3.1.1.3.2.
struct Root {
    std::string dns_name;  // of the server
    std::string default_context;
    std::string configuration_context;
    std::string server_object;  // dsServiceName
    std::vector<std::string> mechanisms;
    std::optional<std::int64_t> time_s;  // by the server's clock, since 1970
    bool synchronized = true;            // false: a fresh server that has not yet heard everything
    bool read_only = false;              // an RODC: it holds back attributes, and answers writes with a referral
    // Functional levels of the domain and of the server itself; empty where not said.
    std::optional<std::int64_t> domain_level, server_level;
};
inline constexpr std::int64_t level_2003 = 2, level_2012 = 5;

// "20261122154547.0Z" as Active Directory writes it (GeneralizedTime, RFC 4517 3.3.13, in UTC).
std::optional<std::int64_t> parse_time_s(std::string_view text);

Result<Root> read_root(ReadWire& wire);

// What only an audit that recollects asks again and again.
struct Moment {
    std::int64_t highest_usn = 0;
    std::string viewer;  // a digest of the caller's groups (tokenGroups): who is shown the same things; empty: not said
};
Result<Moment> read_moment(ReadWire& wire);

// Which incarnation of its database the server has (invocationId of its settings object): USNs mean something within
// one only. Empty where it is not shown.
Result<std::string> read_invocation(ReadWire& wire, const std::string& server_object);

// The object of a forest's own settings: CN=Directory Service below its configuration (MS-ADTS 6.1.1.2.4.1).
std::string forest_settings(const std::string& configuration_context);

// dSHeuristics of the forest; empty text when it is not set (MS-ADTS 6.1.1.2.4.1.2).
Result<std::string> read_heuristics(ReadWire& wire, const std::string& configuration_context);

// Its fifth character, fLDAPUsePermMod: anything but 0 makes every modify permissive.
bool modifies_permissively(std::string_view heuristics);

// Whether this server may be used: it is of the inventory's domain, knows constrained delegation, has its data, and may
// write them.
Result<void> check_root(const Root& root, const Directory& directory);
// Where `server` proved that name by Kerberos: whether it is its own. Else somebody in between may have led us astray.
Result<void> check_own_name(const Root& root, const Directory& directory, std::string_view server);

// Whether modifies of this forest keep their preconditions.
Result<void> check_heuristics(std::string_view heuristics);

}  // namespace fairway::ldap
