// Answers of a directory to a search, as bytes: BER, of less than 128 bytes each (RFC 4511 5.1).
#pragma once

#include <string>

#include "tests/providers/ldap/one_call.hpp"

namespace fairway::ldap {

inline std::string label(const std::string& text) { return std::string(1, static_cast<char>(text.size())) + text; }
inline std::string ber(char tag, const std::string& body) { return std::string(1, tag) + label(body); }
inline std::string message(const std::string& operation) { return ber(0x30, ber(2, "\x01") + operation); }
inline std::string entry(const std::string& attribute, const std::string& value) {
    return message(ber(0x64, ber(4, "") + ber(0x30, ber(0x30, ber(4, attribute) + ber(0x31, ber(4, value))))));
}
inline std::string done(char code) {
    return message(ber(0x65, ber(10, std::string(1, code)) + ber(4, "") + ber(4, "")));
}

// For OneCall: hears the question, says these bytes, and waits for the other end to go.
inline auto answers(std::string bytes) {
    return [bytes = std::move(bytes)](int caller) {
        hear(caller);
        say(caller, bytes);
        hear_all(caller);
    };
}

}  // namespace fairway::ldap
