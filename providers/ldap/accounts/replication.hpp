// When was an attribute last changed, by which domain controller, and as which version: the stamp that replication
// keeps of each (MS-ADTS 3.1.1.1.9), read from either of the two forms in which a server gives it. It says which
// server a change was made at, never by whom. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/ldap/identity/guid.hpp"

namespace fairway::ldap {

struct Stamp {
    std::uint32_t version = 0;
    std::int64_t time = 0;       // of the originating change: seconds since 1970
    Guid dsa;                    // invocation id of the server where it was made
    std::int64_t usn = 0;        // of the change there
    std::int64_t local_usn = 0;  // at the server that was asked; means nothing at another

    bool operator==(const Stamp&) const = default;
};

// By the attribute's name as the schema spells it. Only the attributes that the table in replication.cpp names: the
// numbers of others cannot be known without the schema.
using Stamps = std::map<std::string_view, Stamp>;

// The attribute replPropertyMetaData: all stamps of an object. Active Directory and Samba have it.
Result<Stamps> parse_property_meta_data(std::string_view blob);

// One value of msDS-ReplAttributeMetaData: one stamp as XML. Active Directory alone has it.
struct NamedStamp {
    std::string attribute;
    Stamp stamp;
    std::string server;  // DN of the server's NTDS settings; empty when it is gone

    bool operator==(const NamedStamp&) const = default;
};
Result<NamedStamp> parse_attribute_meta_data(std::string_view xml);
// All values of the attribute; those that the table does not name are read and left out.
Result<Stamps> collect_stamps(const std::vector<std::string>& values);

// Seconds since 1601 (DSTIME) as seconds since 1970. Empty beyond the year 9999.
std::optional<std::int64_t> from_dstime(std::uint64_t seconds);

}  // namespace fairway::ldap
