// A server on this machine that takes one call, and does with it what a test says.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

namespace fairway::ldap {

class OneCall {
public:
    explicit OneCall(std::function<void(int socket)> serve) : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof here;
        auto* address = reinterpret_cast<sockaddr*>(&here);
        if (::bind(listener_, address, size) != 0 || ::listen(listener_, 1) != 0 ||
            ::getsockname(listener_, address, &size) != 0)
            throw std::runtime_error("no server on this machine");
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this, serve = std::move(serve)] {
            const int caller = ::accept(listener_, nullptr, nullptr);
            if (caller < 0) return;
            serve(caller);
            ::close(caller);
        });
    }
    ~OneCall() { end(); }
    OneCall(const OneCall&) = delete;
    OneCall& operator=(const OneCall&) = delete;

    std::uint16_t port() const { return port_; }
    // What it learnt may be looked at.
    void end() {
        ::shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        if (listener_ >= 0) ::close(listener_);
        listener_ = -1;
    }

private:
    int listener_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

inline std::string hear(int socket) {
    char bytes[4096];
    const ssize_t size = ::recv(socket, bytes, sizeof bytes, 0);
    return {bytes, static_cast<std::size_t>(size > 0 ? size : 0)};
}

inline std::string hear_all(int socket) {
    std::string out;
    for (std::string part; !(part = hear(socket)).empty();) out += part;
    return out;
}

// False when nobody hears it any more.
inline bool say(int socket, const std::string& bytes) {
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
}

}  // namespace fairway::ldap
