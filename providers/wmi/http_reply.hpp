// What kind of answer is this HTTP reply: a SOAP text, a refusal, or something that is no WS-Man server at
// all? Pure; what is not SOAP becomes an Error that a person can act on.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::wmi {

struct HttpReply {
    unsigned status = 0;
    std::string content_type;
    std::vector<std::string> challenges;  // values of WWW-Authenticate
    std::string body;
    bool keep = true;  // whether the connection may be used again
};

Result<std::string> soap_text(HttpReply reply);

// The schemes that a 401 offers, for people: "Negotiate, Kerberos".
std::string offered(const HttpReply& reply);
// The token behind `scheme` among the challenges, decoded. Empty: no token. Error: not base64.
Result<std::optional<std::string>> token_of(const HttpReply& reply, std::string_view scheme);

}  // namespace fairway::wmi
