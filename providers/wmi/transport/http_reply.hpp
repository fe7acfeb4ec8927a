// What kind of answer is this HTTP reply: a SOAP text, a refusal, or something that is no WS-Man server at
// all? Pure; what is not SOAP becomes an Error that a person can act on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::wmi {

struct HttpReply {
    unsigned status = 0;
    std::string content_type;
    std::vector<std::string> challenges;  // values of WWW-Authenticate
    std::string body;
    bool keep = true;                                               // whether the connection may be used again
    std::vector<std::pair<std::string, std::string>> headers = {};  // as they came, for records
};

// What the reply answers, because the same status means different things: a token without a message, a message in the
// clear (or inside TLS), a sealed message.
enum class Sent { token, plain, sealed };

// The reply's SOAP text, which may be a fault. Error: the reply is none.
Result<std::string> soap_text(HttpReply reply, Sent sent);
// The same rules for a reply that is no 401 and need not hold anything; nothing: it is a success, or holds a fault.
std::optional<Error> refusal_in(const HttpReply& reply, Sent sent);
bool is_success(unsigned status);  // 2xx
// By the header Date (RFC 9110 5.6.7), seconds since 1970. Empty: none, or none that is one.
std::optional<std::int64_t> date_of(const HttpReply& reply);

// The schemes that a 401 offers, for people: "Negotiate, Kerberos".
std::string offered(const HttpReply& reply);
// The token behind `scheme` among the challenges, decoded. Empty: no token. Error: not base64.
Result<std::optional<std::string>> token_of(const HttpReply& reply, std::string_view scheme);

}  // namespace fairway::wmi
