// See relay.hpp. One connection at a time is enough.
#include "tests/providers/ldap/relay.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fairway::ldap {
namespace {

sockaddr_in at(const std::string& address, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &out.sin_addr);
    return out;
}

}  // namespace

Relay::Relay(const std::string& address, std::uint16_t port) : address_(address), target_(port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in own = at(address, 0);
    socklen_t size = sizeof own;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&own), size);
    ::listen(listener_, 8);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size);
    port_ = ntohs(own.sin_port);
    thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
    stop_ = true;
    thread_.join();
    ::close(listener_);
}

bool Relay::saw(const std::string& words) {
    const std::lock_guard lock(guard_);
    return seen_.find(words) != std::string::npos;
}

bool Relay::forward(int from, int to) {
    std::array<char, 65536> bytes{};
    const ssize_t n = ::recv(from, bytes.data(), bytes.size(), 0);
    if (n <= 0) return false;
    const std::lock_guard lock(guard_);
    seen_.append(bytes.data(), static_cast<std::size_t>(n));
    return ::send(to, bytes.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL) == n;
}

void Relay::run() {
    while (!stop_) {
        pollfd ready{listener_, POLLIN, 0};
        if (::poll(&ready, 1, 20) != 1) continue;
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client >= 0) serve(client);
    }
}

void Relay::serve(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const int on = 1;
    ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in target = at(address_, target_);
    cut_ = false;
    bool open = ::connect(server, reinterpret_cast<sockaddr*>(&target), sizeof target) == 0;
    while (open && !stop_ && !cut_) {
        std::array<pollfd, 2> ready = {{{client, POLLIN, 0}, {server, POLLIN, 0}}};
        if (::poll(ready.data(), ready.size(), 5) < 0) break;
        if (ready[0].revents != 0) open = forward(client, server);
        if (open && ready[1].revents != 0) open = !swallow_ && forward(server, client);
    }
    ::close(server);
    ::close(client);
}

}  // namespace fairway::ldap
