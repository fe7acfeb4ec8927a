// Bytes as a test writes them: hexadecimal digits, with blanks where a reader wants them.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

namespace fairway::ldap {

inline std::string from_hex(std::string_view text) {
    std::string out, digits;
    for (const char c : text) {
        if (c == ' ' || c == '\n') continue;
        digits += c;
        if (digits.size() < 2) continue;
        out += static_cast<char>(std::strtoul(digits.c_str(), nullptr, 16));
        digits.clear();
    }
    return out;
}

}  // namespace fairway::ldap
