// One POST to a server that somebody else runs, on a connection of its own: HTTP/1.1, over TLS with the server verified
// by the system's authorities. It blocks for as long as the server lets it; who calls it ends it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::webhook {

struct Post {
    std::string host;  // a name or an IP address
    std::uint16_t port = 443;
    bool tls = true;
    std::string target;                                        // path and query
    std::vector<std::pair<std::string, std::string>> headers;  // beside Host, Content-Length and Connection
    std::string_view body;
};

// Well, only if the server said 2xx. Where it leads elsewhere (3xx), nobody follows.
Result<void> post(const Post& what);

// The status of an answer's first line; Code::protocol: it is no HTTP/1.1. Nothing follows from the rest.
Result<unsigned> status_of(std::string_view line);
std::string request_text(const Post& what);

}  // namespace fairway::webhook
