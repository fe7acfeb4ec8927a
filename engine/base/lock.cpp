// See lock.hpp. POSIX: flock(2). The file stays when the lock is gone: removing it would race.
#include "engine/base/lock.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/caller.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"

namespace fairway {
namespace {

// What is in the lock, if nobody else could have written it; else whose the file is.
std::string holder_of(int fd) {
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !callers_or_roots(info.st_uid))
        return fmt::format("a process of {} (who owns the file; what it says is not believed)",
                           account_of(info.st_uid));
    if ((info.st_mode & 022) != 0) return "somebody (others may write the file, so what it says is not believed)";
    std::array<char, 512> buffer{};
    const ssize_t n = ::pread(fd, buffer.data(), buffer.size(), 0);
    return n > 0 ? text::printable({buffer.data(), static_cast<std::size_t>(n)}) : "somebody who left no name";
}

Result<int> open_lock(const std::string& path) {
    // Without O_CREAT first: in a sticky folder the kernel keeps even root from "creating" another's file.
    int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return os_error(Code::storage, "open the lock", path);
    return fd;
}

}  // namespace

Result<Lock> Lock::wait(const std::string& path) {
    const Result<int> fd = open_lock(path);
    if (!fd) return tl::unexpected(fd.error());
    Lock lock(*fd);
    while (::flock(*fd, LOCK_EX) != 0)
        if (errno != EINTR) return os_error(Code::storage, "take the lock", path);
    return lock;
}

Result<Lock> Lock::take(const std::string& path, const std::string& holder) {
    const Result<int> opened = open_lock(path);
    if (!opened) return tl::unexpected(opened.error());
    const int fd = *opened;
    Lock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return os_error(Code::storage, "take the lock", path);
        return fail(Code::refused, fmt::format("{} holds the lock {}; wait for it to end, or stop that process: the "
                                               "lock goes with it",
                                               holder_of(fd), path));
    }
    if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, holder.data(), holder.size(), 0) < 0)
        return os_error(Code::storage, "write the lock", path);
    return lock;
}

Lock& Lock::operator=(Lock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Lock::~Lock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace fairway
