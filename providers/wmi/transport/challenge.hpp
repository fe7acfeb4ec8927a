// Which authentication schemes does a WWW-Authenticate header offer, and with which token (RFC 7235 section 4.1)? One
// header may offer several, joined by commas. Pure; the text comes from whoever answers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::wmi {

struct Challenge {
    std::string scheme;  // a token of HTTP: letters, digits and a few marks
    std::string token;   // token68, or what stands there instead of one; empty: none, or parameters (realm="x")
};

// In the order of the header. What is of no such form is passed over.
std::vector<Challenge> read_challenges(std::string_view header);

}  // namespace fairway::wmi
