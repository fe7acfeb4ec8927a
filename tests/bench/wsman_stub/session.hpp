// One client's connection to one host: HTTP in and out, sign-on, message encryption. Everything runs in one thread;
// a reply leaves in one write, because two segments would cost the client's delayed ACK, 40 ms, each time.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <memory>

#include "login.hpp"
#include "tests/bench/wsman_stub/answers.hpp"
#include "tests/bench/wsman_stub/tally.hpp"

namespace fairway::stub {

// Hosts stand on 127.77.0.1 to .250, 127.77.1.1 to .250 and so on.
inline constexpr std::size_t no_host = static_cast<std::size_t>(-1);
std::size_t host_at(const boost::asio::ip::address& local);

struct Stub {
    lab::Accounts accounts;
    Answers answers;
    Tally tally;
    std::chrono::milliseconds round_trip{};  // that a network would cost: a connection waits for it, and each reply
};

void serve(Stub& stub, boost::asio::ip::tcp::socket socket);

}  // namespace fairway::stub
