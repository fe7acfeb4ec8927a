// What a domain controller says of itself and of us before anybody has signed on: the "LDAP ping" (MS-ADTS 6.3.3), its
// question and its answer. Pure; the answer is a stranger's. Who asks is site.cpp.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "providers/ldap/wire/names.hpp"

namespace fairway::ldap {

inline constexpr std::string_view ping_attribute = "Netlogon";  // of the rootDSE
Filter ping_of(std::string_view domain);

// NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS 6.3.1.9); UTF-8 without control characters, each may be empty.
struct Pong {
    std::string forest, domain, host;      // DNS names
    std::string short_domain, short_host;  // NetBIOS names
    std::string user;                      // whom we asked for: nobody
    std::string host_site, our_site;       // ours by the address that we came from; empty: it is in no site

    friend bool operator==(const Pong&, const Pong&) = default;
};

Result<Pong> parse_pong(std::string_view bytes);

}  // namespace fairway::ldap
