// A GUID between its 16 bytes, of which three fields are little-endian (MS-DTYP 2.3.4.2), and its text. Pure.
#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::ldap {

struct Guid {
    std::array<unsigned char, 16> bytes{};  // as they come, e.g. in objectGUID

    auto operator<=>(const Guid&) const = default;
};

Result<Guid> parse_guid(std::string_view bytes);
// "d19d7bc0-2441-4b71-b1ba-a3f935391c0c" in either case, without braces; shown in lower case.
Result<Guid> parse_guid_text(std::string_view text);
std::string show_guid(const Guid& guid);

}  // namespace fairway::ldap
