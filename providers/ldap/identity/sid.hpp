// Who is meant: a security identifier (MS-DTYP 2.4.2), between its bytes, its text and a value that compares. Pure;
// knows no names of accounts.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::ldap {

struct Sid {
    std::uint64_t authority = 0;       // 48 bits
    std::vector<std::uint32_t> parts;  // sub authorities: 1 to 15

    auto operator<=>(const Sid&) const = default;
};

// The whole of `bytes`, as in objectSid; what it was written from is written again byte for byte.
Result<Sid> parse_sid(std::string_view bytes);
// At the front of `bytes`, with anything behind it; it takes `size_of(sid)` of them.
Result<Sid> sid_at_front(std::string_view bytes);
std::string sid_bytes(const Sid& sid);
std::size_t size_of(const Sid& sid);

// "S-1-5-21-1-2-3-1104" (MS-DTYP 2.4.2.1): no leading zeros; an authority of more than 32 bits in hexadecimal.
Result<Sid> parse_sid_text(std::string_view text);
std::string show_sid(const Sid& sid);

// The last part of S-1-5-21-x-y-z-RID: who it is in its domain. Empty: it is of no domain (MS-DTYP 2.4.2.4).
std::optional<std::uint32_t> rid_of(const Sid& sid);

}  // namespace fairway::ldap
