// One WS-Management request, as plain text, to its reply. Knows nothing of HTTP, logins or sealing.
#pragma once

#include <string>
#include <string_view>

#include "enumeration.hpp"
#include "host.hpp"
#include "methods.hpp"

namespace lab {

struct Reply {
    unsigned http_status = 200;
    std::string body;
};

// Whether the body is wsmid:Identify, the one request that needs no login.
[[nodiscard]] bool is_identify(std::string_view text);

[[nodiscard]] Reply answer(Host& host, Enumerations& enumerations, const Caller& caller, std::string_view text);

}  // namespace lab
