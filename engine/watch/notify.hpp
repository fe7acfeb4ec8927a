// What a service tells systemd (Type=notify): that it is ready, what it does, that it lives. A datagram to the socket
// that sd_notify(3) describes; without a service manager nothing is sent. POSIX.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairway::watch {

class Notifier {
public:
    // Of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which children of this process do not get.
    static Notifier of_environment();

    void say(std::string_view lines) const;  // "READY=1\nSTATUS=…"; one that does not arrive stops nothing
    // Every half of the watchdog's time; from the first call on.
    void alive(std::int64_t now_ms);
    std::int64_t alive_within_ms() const { return every_ms_; }  // 0: nobody waits for it

private:
    std::string socket_;
    std::int64_t every_ms_ = 0, last_ms_ = 0;
};

// For STATUS=: one line, printable.
std::string status_line(std::string_view text);

}  // namespace fairway::watch
