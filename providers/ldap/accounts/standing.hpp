// Does an account get tickets, and do they go further? Found by whatever name a person calls it.
#pragma once

#include <cstdint>
#include <string>

#include "engine/model/sight.hpp"
#include "providers/ldap/accounts/domains.hpp"

namespace fairway::ldap {

// By its sAMAccountName, by DOMAIN\name with the domain's NetBIOS or DNS name, or by name@suffix. `now_s`: since 1970.
// Code::not_found: no domain of these holds it. Code::bad_input: several accounts are called so.
Result<AccountSeen> find_account(Domains<ReadWire>& domains, const std::string& called, std::int64_t now_s);

}  // namespace fairway::ldap
