// Little-endian numbers inside strings of bytes, as MS-DTYP and MS-DRSR lay them out. Whoever reads has checked
// before that they are there; this file knows no structure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairway::ldap {

template <class Number>
Number little(std::string_view bytes, std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = sizeof(Number); i-- > 0;) out = out << 8 | static_cast<unsigned char>(bytes[at + i]);
    return static_cast<Number>(out);
}

template <class Number>
std::string little_bytes(Number number) {
    std::string out;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xFF);
    return out;
}

}  // namespace fairway::ldap
