// How many bytes of answers may all hosts in flight hold together? Each has a little room of its own; what is beyond
// comes from a pool that all share, and goes back when the host is done. So a host that answers without end fails
// alone, and those that answer as hosts do never notice. For one thread; no I/O.
#pragma once

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>

#include "engine/base/error.hpp"

namespace fairway::wmi {

inline constexpr std::size_t most_held = 64u << 20;                 // of one enumeration
inline constexpr std::size_t most_shared = most_held + (8u << 20);  // one host may fill it, while one more answer comes

class Pool {
public:
    // `hosts`: how many may be in flight at once.
    explicit Pool(std::size_t hosts) : own_(std::min(most_own, most_shared / std::max<std::size_t>(hosts, 1))) {}

private:
    friend class Room;
    static constexpr std::size_t most_own = 256u << 10;  // a host's answers to an audit are some 20 KB
    std::size_t own_, left_ = most_shared;
};

class Room {
public:
    explicit Room(Pool& pool) : pool_(pool) {}
    ~Room() { pool_.left_ += taken_; }
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;

    // That much is kept from now on. False: there is no room for it.
    bool keep(std::size_t bytes) {
        kept_ = bytes;
        return fit(bytes);
    }
    // So much of an answer has come beside what is kept. False: there is no room for it.
    bool arrive(std::size_t bytes) { return fit(kept_ + bytes); }

private:
    bool fit(std::size_t bytes) {
        const std::size_t wanted = bytes > pool_.own_ ? bytes - pool_.own_ : 0;
        if (wanted > taken_ + pool_.left_) return false;
        pool_.left_ = pool_.left_ + taken_ - wanted;
        taken_ = wanted;
        return true;
    }

    Pool& pool_;
    std::size_t kept_ = 0, taken_ = 0;
};

inline Error no_room() {
    return {Code::refused,
            fmt::format("the hosts that are being read send more than {} MiB together, and there was no room for "
                        "the rest of this one's answers; read fewer at once (hosts.limits, or --host), and "
                        "see with --record what it sends",
                        most_shared >> 20)};
}

}  // namespace fairway::wmi
