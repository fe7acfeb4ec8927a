// See private_file.hpp.
#include "engine/base/private_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/posix.hpp"

namespace fairway {
namespace {

tl::unexpected<Error> wrong(std::string_view doing, const std::string& path) {
    return os_error(errno == ENOENT ? Code::not_found : Code::storage, doing, path);
}

// Of us, a regular file, and for nobody else to write.
Result<std::size_t> size_if_ours(int fd, const std::string& path) {
    struct stat info {};
    if (::fstat(fd, &info) != 0) return wrong("look at", path);
    if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid() || (info.st_mode & 022) != 0)
        return fail(Code::refused, fmt::format("{} is not a file of ours alone, so it is not believed", path));
    return static_cast<std::size_t>(info.st_size);
}

}  // namespace

Result<std::string> read_private_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0) return wrong("read", path);
    const auto size = size_if_ours(file.get(), path);
    if (!size) return tl::unexpected(size.error());
    if (*size > limit) return fail(Code::storage, fmt::format("{} is larger than {} bytes", path, limit));
    return read_most(file.get(), path, *size, Code::storage);
}

Result<void> write_private_file(const std::string& path, std::string_view content) {
    return replace_file(path, content, {.mode = 0600, .synced = false, .no_place = Code::not_found});
}

Result<void> append_private_file(const std::string& path, std::size_t size, std::string_view content) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return wrong("append to", path);
    const auto now = size_if_ours(file.get(), path);
    if (!now) return tl::unexpected(now.error());
    if (*now != size) return fail(Code::stale, fmt::format("{} was written by another program meanwhile", path));
    return write_all(file.get(), path, content);
}

}  // namespace fairway
