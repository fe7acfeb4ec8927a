// The bits of userAccountControl (MS-ADTS 2.2.16) and their names. The attribute is one 32-bit integer
// that many hands share; whoever changes a bit writes all the others too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/value.hpp"

namespace fairway::ldap {

inline constexpr std::uint32_t account_disabled = 0x00000002;
inline constexpr std::uint32_t server_trust_account = 0x00002000;     // a domain controller's
inline constexpr std::uint32_t partial_secrets_account = 0x04000000;  // of one that can only be read
inline constexpr std::uint32_t trusted_for_delegation = 0x00080000;
inline constexpr std::uint32_t not_delegated = 0x00100000;
inline constexpr std::uint32_t trusted_to_auth_for_delegation = 0x01000000;

// The attribute's syntax is a signed integer (2.5.5.9): with the highest bit set it reads as negative.
std::optional<std::uint32_t> parse_flags(std::string_view text);
std::string show_flags(std::uint32_t flags);

// Names of the bits that are set, in lower case; a bit without a name as 0x….
Set flag_names(std::uint32_t flags);

}  // namespace fairway::ldap
