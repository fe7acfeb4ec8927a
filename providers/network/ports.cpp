// See ports.hpp.
#include "providers/network/ports.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>

#include "engine/base/descriptor.hpp"
#include "engine/base/freed_by.hpp"
#include "providers/network/names.hpp"

namespace fairway::network {
namespace {

using Steady = std::chrono::steady_clock;

// One connection that is tried. Silent until something is heard.
struct Attempt {
    PortSeen seen;
    Descriptor socket;  // closed: it is decided
};

void decide(Attempt& attempt, int error) {
    attempt.socket.close();
    if (error == 0) attempt.seen.answer = PortAnswer::open;
    else if (error == ECONNREFUSED) attempt.seen.answer = PortAnswer::refused;
    else if (error != ETIMEDOUT) {
        attempt.seen.answer = PortAnswer::unreachable;
        attempt.seen.detail = std::generic_category().message(error);
    }
}

void start(Attempt& attempt) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(attempt.seen.port);
    if (::getaddrinfo(attempt.seen.address.c_str(), port.c_str(), &hints, &found) != 0) return decide(attempt, EINVAL);
    const std::unique_ptr<addrinfo, FreedBy<::freeaddrinfo>> place(found);
    attempt.socket = Descriptor(::socket(place->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (attempt.socket.get() < 0) return decide(attempt, errno);
    if (::connect(attempt.socket.get(), place->ai_addr, place->ai_addrlen) == 0) return decide(attempt, 0);
    if (errno != EINPROGRESS) decide(attempt, errno);
}

// Until all are decided or the time is over.
void wait(std::vector<Attempt>& attempts, Steady::time_point until) {
    for (;;) {
        std::vector<pollfd> open;
        std::vector<Attempt*> whose;
        for (Attempt& attempt : attempts) {
            if (attempt.socket.get() < 0) continue;
            open.push_back({attempt.socket.get(), POLLOUT, 0});
            whose.push_back(&attempt);
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        if (open.empty() || left <= 0) return;
        if (::poll(open.data(), open.size(), static_cast<int>(left)) < 0 && errno != EINTR) return;
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (open[i].revents == 0) continue;
            int error = 0;
            socklen_t size = sizeof error;
            if (::getsockopt(open[i].fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
            decide(*whose[i], error);
        }
    }
}

}  // namespace

std::vector<PortSeen> try_ports(const std::string& machine, std::span<const std::uint16_t> ports,
                                std::chrono::milliseconds patience) {
    std::vector<PortSeen> out;
    const auto addresses = addresses_of(machine);
    if (!addresses || addresses->empty()) {
        const std::string why = addresses ? "the name has no address here" : addresses.error().text;
        for (const std::uint16_t port : ports)
            out.push_back({.port = port, .answer = PortAnswer::unreachable, .detail = why});
        return out;
    }
    std::vector<Attempt> attempts;  // by port, and within by address
    for (const std::uint16_t port : ports)
        for (const std::string& address : *addresses)
            attempts.push_back({{.port = port, .answer = PortAnswer::silent, .address = address}, Descriptor()});
    for (Attempt& attempt : attempts) start(attempt);
    wait(attempts, Steady::now() + patience);
    // The answers are in the order of their worth.
    const auto worse = [](const Attempt& a, const Attempt& b) { return a.seen.answer < b.seen.answer; };
    for (auto first = attempts.begin(); first != attempts.end();
         first += static_cast<std::ptrdiff_t>(addresses->size()))
        out.push_back(std::min_element(first, first + static_cast<std::ptrdiff_t>(addresses->size()), worse)->seen);
    return out;
}

}  // namespace fairway::network
