// See room.hpp. POSIX.
#include "engine/cli/room.hpp"

#include <poll.h>
#include <sys/ioctl.h>

#include "engine/base/clock.hpp"

namespace fairway::cli {
namespace {

// How much of what was written to a pipe is not read yet; 0: it is none.
int left_in_pipe(int fd) {
    int out = 0;
    return ::ioctl(fd, FIONREAD, &out) == 0 ? out : 0;
}

}  // namespace

// A pipe gives room by whole pages, so a slow reader is seen only by what is left.
bool has_room(int fd) {
    constexpr int look_again_ms = 50;
    int left = left_in_pipe(fd);
    for (std::int64_t until = steady_now_ms() + room_patience_ms; steady_now_ms() < until;) {
        pollfd state{fd, POLLOUT, 0};
        if (::poll(&state, 1, look_again_ms) > 0) return true;  // or an error, which the write tells
        if (const int now = left_in_pipe(fd); now < left) {
            left = now;
            until = steady_now_ms() + room_patience_ms;
        }
    }
    return false;
}

}  // namespace fairway::cli
