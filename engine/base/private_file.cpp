// See private_file.hpp.
#include "engine/base/private_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"

namespace fairway {
namespace {

auto os_error(std::string_view doing, const std::string& path) {
    return fail(errno == ENOENT ? Code::not_found : Code::storage,
                fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)));
}

// Of us, a regular file, and for nobody else to write.
Result<std::size_t> size_if_ours(int fd, const std::string& path) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return os_error("look at", path);
    if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 022) != 0)
        return fail(Code::refused, fmt::format("{} is not a file of ours alone, so it is not believed", path));
    return static_cast<std::size_t>(info.st_size);
}

Result<void> write_all(int fd, const std::string& path, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error("write", path);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace

Result<std::string> read_private_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0) return os_error("read", path);
    const auto size = size_if_ours(file.get(), path);
    if (!size) return tl::unexpected(size.error());
    if (*size > limit) return fail(Code::storage, fmt::format("{} is larger than {} bytes", path, limit));
    std::string out(*size, '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const ssize_t n = ::read(file.get(), out.data() + have, out.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error("read", path);
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    out.resize(have);
    return out;
}

Result<void> write_private_file(const std::string& path, std::string_view content) {
    const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return os_error("create", temporary);
    Result<void> written = write_all(file.get(), temporary, content);
    if (written && !file.close()) written = os_error("close", temporary);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = os_error("replace", path);
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> append_private_file(const std::string& path, std::size_t size, std::string_view content) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return os_error("append to", path);
    const auto now = size_if_ours(file.get(), path);
    if (!now) return tl::unexpected(now.error());
    if (*now != size) return fail(Code::stale, fmt::format("{} was written by another program meanwhile", path));
    return write_all(file.get(), path, content);
}

}  // namespace fairway
