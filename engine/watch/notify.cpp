// See notify.hpp.
#include "engine/watch/notify.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/text.hpp"

namespace fairway::watch {
namespace {

std::string taken(const char* name) {
    const char* value = std::getenv(name);
    std::string out = value ? value : "";
    ::unsetenv(name);
    return out;
}

}  // namespace

Notifier Notifier::of_environment() {
    Notifier out;
    out.socket_ = taken("NOTIFY_SOCKET");
    const std::string of = taken("WATCHDOG_PID");
    const auto usec = text::number<std::int64_t>(taken("WATCHDOG_USEC"));
    if (usec && *usec > 0 && (of.empty() || of == std::to_string(::getpid()))) out.every_ms_ = *usec / 2000;
    return out;
}

void Notifier::say(std::string_view lines) const {
    sockaddr_un address{};
    if (socket_.size() < 2 || socket_.size() >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
    const Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    ::sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address), size);
}

void Notifier::alive(std::int64_t now_ms) {
    if (every_ms_ == 0 || (last_ms_ != 0 && now_ms - last_ms_ < every_ms_)) return;
    last_ms_ = now_ms;
    say("WATCHDOG=1");
}

std::string status_line(std::string_view text) { return fmt::format("STATUS={}\n", text::printable(text)); }

}  // namespace fairway::watch
