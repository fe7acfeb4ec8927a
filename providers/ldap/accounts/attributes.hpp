// Attributes that several questions name, as the schema spells them. Which setting lives in which: codec.cpp.
#pragma once

#include <string_view>

namespace fairway::ldap {

inline constexpr std::string_view account_attribute = "sAMAccountName", sid_attribute = "objectSid",
                                  flags_attribute = "userAccountControl", dns_attribute = "dNSHostName",
                                  names_attribute = "servicePrincipalName";

}  // namespace fairway::ldap
