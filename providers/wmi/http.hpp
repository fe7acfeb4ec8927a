// One kept-alive HTTP/1.1 connection to one host: opened, asked, closed, with a deadline for each. The only
// room that knows Boost.Asio and Beast. It knows nothing of SOAP or of who signs on.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "providers/wmi/http_reply.hpp"

namespace fairway::wmi {

struct Deadlines {
    std::chrono::milliseconds connect{10'000};
    // Longer than the operation's own time, or the host's fault about it would never be seen (sheet 1.9).
    std::chrono::milliseconds answer{75'000};
};

struct Endpoint {
    std::string name;     // for the Host header and for people
    std::string address;  // where to connect: a name or an IP address
    std::uint16_t port = 5985;
};

// What broke, and whether the connection went away without one byte of an answer.
struct Broken {
    Error error;
    bool silent = false;
};

class Connection {
public:
    Connection(Endpoint endpoint, Deadlines deadlines);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Result<void> open();
    void close();
    bool alive();  // open, and the host has not closed it meanwhile

    struct Post {
        std::string_view content_type, body;
        std::string_view authorization = {};  // value of the header; empty: none
    };
    tl::expected<HttpReply, Broken> post(const Post& post);
    const Endpoint& endpoint() const { return endpoint_; }

private:
    struct Wire;
    Endpoint endpoint_;
    Deadlines deadlines_;
    std::unique_ptr<Wire> wire_;
};

}  // namespace fairway::wmi
