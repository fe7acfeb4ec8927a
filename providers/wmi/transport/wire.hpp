// One open connection to one host, over TLS or not: an HTTP request goes out, a reply comes back, and what became of it
// is reported. It must not know who signs on, what is sealed, or what is said. Only the line comes through here.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "providers/wmi/transport/belief.hpp"
#include "providers/wmi/transport/http.hpp"
#include "providers/wmi/transport/tls.hpp"

namespace fairway::wmi {

struct Try {
    Fate fate = Fate::cut;
    Result<std::string> answer = std::string{};
    HttpReply reply = {};
};

struct Wire {
    explicit Wire(asio::io_context& io) : stream(io) {}

    // answered, and then there is a reply; or silent, cut or foreign, and then the connection is of no more use.
    awaitable<Try> post(const Endpoint& endpoint, Post post, std::chrono::milliseconds deadline, Room* room);
    // Between requests: whether it can still be used.
    bool alive();

    beast::tcp_stream stream;
    std::unique_ptr<TlsStream> tls = {};  // null: none
    beast::flat_buffer buffer = {};
    std::chrono::steady_clock::time_point used = std::chrono::steady_clock::now();

private:
    void acknowledge_at_once();
};

}  // namespace fairway::wmi
