// See output.hpp.
#include "engine/cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "engine/cli/room.hpp"

namespace fairway::cli {
namespace {

tl::unexpected<Error> unusable(std::string_view why) {
    return fail(Code::storage, fmt::format("standard output cannot be used ({}), so nobody would learn what was done; "
                                           "nothing was written",
                                           why));
}

}  // namespace

void fill_standard_descriptors() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        // The lowest free number is given out, and those below are taken by now. Only to be read: a write must fail.
        if (::fcntl(fd, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) != fd) return;
}

Result<void> output_works() {
    const int flags = ::fcntl(STDOUT_FILENO, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) return unusable("closed, or open only to be read");
    // Nothing is written, and yet a device that takes nothing says so. A pipe takes nothing gladly; poll knows it.
    if (::write(STDOUT_FILENO, "", 0) < 0) return unusable(std::strerror(errno));
    pollfd state{STDOUT_FILENO, POLLOUT, 0};
    if (::poll(&state, 1, 0) > 0 && (state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        return unusable("nobody reads it");
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return unusable("what was printed did not get there");
    return {};
}

bool output_has_room() { return has_room(STDOUT_FILENO); }

}  // namespace fairway::cli
