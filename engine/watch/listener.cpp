// See listener.hpp.
#include "engine/watch/listener.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"
#include "engine/watch/scrape.hpp"

namespace fairway::watch {
namespace {

constexpr std::size_t most_talks = 8;
constexpr std::int64_t patience_ms = 5000;

struct Place {
    sockaddr_storage address = {};
    socklen_t size = 0;
};

Result<Place> place_of(const std::string& text) {
    const auto colon = text.rfind(':');
    const std::string host = text.substr(0, colon);
    const auto port = colon == text.npos ? std::nullopt : text::number<std::uint16_t>(text.substr(colon + 1));
    Place out;
    if (port && *port != 0 && host == "[::1]") {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_addr = in6addr_loopback;
        six.sin6_port = htons(*port);
        out.size = sizeof six;
        reinterpret_cast<sockaddr_in6&>(out.address) = six;
        return out;
    }
    if (!port || *port == 0 || (host != "127.0.0.1" && host != "localhost"))
        return fail(Code::bad_input,
                    fmt::format("--listen takes 127.0.0.1:PORT or [::1]:PORT, not `{}`: metrics are for "
                                "this machine alone",
                                text::printable(text)));
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    four.sin_port = htons(*port);
    out.size = sizeof four;
    reinterpret_cast<sockaddr_in&>(out.address) = four;
    return out;
}

}  // namespace

Result<Listener> Listener::open(const std::string& address) {
    const auto place = place_of(address);
    if (!place) return tl::unexpected(place.error());
    Descriptor fd(::socket(place->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    if (fd.get() < 0 || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&place->address), place->size) != 0 ||
        ::listen(fd.get(), most_talks) != 0)
        return os_error(Code::storage, "listen at", address);
    return Listener(std::move(fd));
}

void Listener::wait_for(std::vector<pollfd>& all) const {
    if (talks_.size() < most_talks) all.push_back({fd_.get(), POLLIN, 0});
    for (const Talk& talk : talks_)
        all.push_back({talk.fd.get(), static_cast<short>(talk.answer.empty() ? POLLIN : POLLOUT), 0});
}

void Listener::accept(std::int64_t now_ms) {
    while (talks_.size() < most_talks) {
        Descriptor fd(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd.get() < 0) return;
        talks_.push_back({std::move(fd), now_ms + patience_ms});
    }
}

bool Listener::go_on(Talk& talk, const std::function<std::string()>& metrics) {
    std::array<char, 4096> bytes{};
    while (talk.answer.empty()) {
        const ssize_t n = ::recv(talk.fd.get(), bytes.data(), bytes.size(), 0);
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        if (n == 0) return false;
        talk.request.append(bytes.data(), static_cast<std::size_t>(n));
        if (auto answer = answer_to(talk.request, metrics)) talk.answer = std::move(*answer);
    }
    while (!talk.answer.empty()) {
        const ssize_t n = ::send(talk.fd.get(), talk.answer.data(), talk.answer.size(), MSG_NOSIGNAL);
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        talk.answer.erase(0, static_cast<std::size_t>(n));
    }
    ::shutdown(talk.fd.get(), SHUT_WR);
    return false;
}

void Listener::serve(const std::function<std::string()>& metrics, std::int64_t now_ms) {
    accept(now_ms);
    std::erase_if(talks_, [&](Talk& talk) { return now_ms >= talk.deadline_ms || !go_on(talk, metrics); });
}

}  // namespace fairway::watch
