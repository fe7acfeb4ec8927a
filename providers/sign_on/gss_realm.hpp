// Which realm is it: of a principal, of a machine by krb5.conf, of a service by the ticket that we got for it? Texts
// in, texts out; whom to believe is the handshake's business.
#pragma once

#include <string>
#include <string_view>

namespace fairway::gss {

std::string_view realm_of(std::string_view principal);  // what stands behind the last @

std::string in_capitals(std::string_view realm);  // as Active Directory spells its own

// The realm in which krb5.conf puts a machine; empty: it says nothing, and the domain is asked.
std::string configured_realm(const std::string& fqdn);

// The realm of the only service ticket in a connection's own cache. The library keeps it under the name that was asked
// for, whose realm is empty where krb5.conf knows none; the domain's answer, which it checked, says more.
std::string realm_of_ticket(const std::string& cache, std::string_view service, std::string_view fqdn);

}  // namespace fairway::gss
