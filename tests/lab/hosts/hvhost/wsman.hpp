// One WS-Management request, as plain text, to its reply. Knows nothing of HTTP, logins or sealing.
#pragma once

#include <string>
#include <string_view>

#include "enumeration.hpp"
#include "fault.hpp"
#include "host.hpp"
#include "methods.hpp"
#include "subscriptions.hpp"

namespace lab {

struct Reply {
    unsigned http_status = 200;
    std::string body;
};

// Whether the body is wsmid:Identify, the one request that needs no login.
[[nodiscard]] bool is_identify(std::string_view text);

// How the request came here; only for the log of requests.
struct Transport {
    bool sealed = false;
    bool tls = false;
    std::string mechanism;
};

// What answers stand on.
struct Resources {
    Host& host;
    Enumerations& enumerations;
    Subscriptions& subscriptions;
};

// The fault as a reply to that request.
[[nodiscard]] Reply fault_reply(Host& host, std::string_view text, const Fault& fault);

[[nodiscard]] Reply answer(const Resources& resources, const Caller& caller, std::string_view text,
                           const Transport& transport);

}  // namespace lab
