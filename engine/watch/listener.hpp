// Metrics for whoever asks on this machine: a socket on a loopback address, served between other things on the one
// thread. A few connections at a time, each for a few seconds. POSIX.
#pragma once

#include <cstdint>
#include <functional>
#include <poll.h>
#include <string>
#include <vector>

#include "engine/base/descriptor.hpp"
#include "engine/base/error.hpp"

namespace fairway::watch {

class Listener {
public:
    // "127.0.0.1:9469" or "[::1]:9469". Code::bad_input: another address, or no port; Code::storage: it is taken.
    static Result<Listener> open(const std::string& address);

    // What it waits for, for poll(2).
    void wait_for(std::vector<pollfd>& all) const;
    // Takes what came, and answers; drops who is slow. `now_ms`: of the steady clock.
    void serve(const std::function<std::string()>& metrics, std::int64_t now_ms);
    bool busy() const { return !talks_.empty(); }

private:
    struct Talk {
        Descriptor fd;
        std::int64_t deadline_ms = 0;
        std::string request = {}, answer = {};
    };
    explicit Listener(Descriptor fd) : fd_(std::move(fd)) {}
    void accept(std::int64_t now_ms);
    static bool go_on(Talk& talk, const std::function<std::string()>& metrics);  // false: it is over

    Descriptor fd_;
    std::vector<Talk> talks_;
};

}  // namespace fairway::watch
