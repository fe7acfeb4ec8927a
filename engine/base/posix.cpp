// See posix.hpp.
#include "engine/base/posix.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"

namespace fairway {

tl::unexpected<Error> os_error(Code code, std::string_view doing, std::string_view what) {
    const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return fail(code, fmt::format("cannot {} {}: {}{}", doing, what, std::strerror(errno),
                                  full ? "; the disk is full: make room on that disk first" : ""));
}

Result<std::string> read_most(int fd, const std::string& path, std::size_t most, Code code) {
    constexpr std::size_t at_once = 65536;
    std::string out;
    while (out.size() < most) {
        const std::size_t have = out.size();
        out.resize(have + std::min(at_once, most - have));
        const ssize_t n = ::read(fd, out.data() + have, out.size() - have);
        if (n < 0 && errno != EINTR) return os_error(code, "read", path);
        out.resize(have + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
        if (n == 0) break;
    }
    return out;
}

Result<void> write_all(int fd, const std::string& path, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error(Code::storage, "write", path);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

namespace {

// As the kernel applies it to a file that open(2) makes; asking for it changes it for a moment.
mode_t process_umask() {
    static const mode_t mask = [] {
        const mode_t asked = ::umask(077);
        ::umask(asked);
        return asked;
    }();
    return mask;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content, const Replacement& how) {
    const auto wrong = [&](std::string_view doing, const std::string& what) {
        return os_error(errno == ENOENT ? how.no_place : Code::storage, doing, what);
    };
    constexpr std::string_view unpredictable = ".XXXXXX", end = ".tmp";
    std::string temporary = fmt::format("{}{}{}", path, unpredictable, end);
    Descriptor file(::mkostemps(temporary.data(), static_cast<int>(end.size()), O_CLOEXEC));
    if (file.get() < 0) return wrong("create", temporary);
    Result<void> written = write_all(file.get(), temporary, content);
    if (written && ::fchmod(file.get(), how.mode & ~process_umask()) != 0)
        written = wrong("set the mode of", temporary);
    if (written && how.synced && ::fsync(file.get()) != 0) written = wrong("sync", temporary);
    if (written && !file.close()) written = wrong("close", temporary);
    if (written && how.synced) written = put_in_place(temporary, path);
    else if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = wrong("replace", path);
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> replace_own_file(const std::string& path, std::string_view content) {
    const std::string fresh = path + ".new";
    Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return os_error(Code::storage, "create", fresh);
    if (auto written = write_all(file.get(), fresh, content); !written) return written;
    if (::fsync(file.get()) != 0 || !file.close()) return os_error(Code::storage, "write", fresh);
    return put_in_place(fresh, path);
}

Result<void> put_in_place(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return os_error(Code::storage, "replace", to);
    const Descriptor folder(::open(folder_of(to).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) return os_error(Code::storage, "sync the folder of", to);
    return {};
}

}  // namespace fairway
