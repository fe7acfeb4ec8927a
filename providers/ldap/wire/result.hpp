// What a refusal means and what a person should do about it: from result codes (RFC 4511 4.1.9 and the
// library's own negative ones) and Active Directory's diagnostic texts to an Error. Pure.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::ldap {

enum class Doing { connecting, signing_on, reading, writing };

struct Refusal {
    int code = 0;
    std::string diagnostic;  // as it came: not to be trusted, often empty
    std::string server;
    std::string cause = {};  // what was found out besides, and what to do about it; or empty. Ours, not the server's
};

Error explain(Doing doing, const Refusal& refusal);

// The connection is gone or was never there; the next request needs a new one.
bool is_lost(int code);

// What may be shown of a stranger's text: one line, printable, short.
std::string printable(std::string_view text);

}  // namespace fairway::ldap
