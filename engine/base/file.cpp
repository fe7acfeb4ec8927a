// See file.hpp.
#include "engine/base/file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/descriptor.hpp"

namespace fairway {
namespace {

auto os_error(Code code, std::string_view doing, const std::string& path) {
    return fail(code, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)));
}

Result<std::string> read_all(int fd, const std::string& path, std::size_t limit) {
    std::string out;
    std::array<char, 65536> buffer{};
    while (true) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error(Code::bad_input, "read", path);
        if (n == 0) return out;
        out.append(buffer.data(), static_cast<std::size_t>(n));
        if (out.size() > limit)
            return fail(Code::bad_input, fmt::format("{} is larger than the limit of {} bytes", path, limit));
    }
}

Result<void> write_all(int fd, const std::string& path, std::string_view content) {
    while (!content.empty()) {
        const ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_error(Code::storage, "write", path);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(fd) != 0) return os_error(Code::storage, "sync", path);
    return {};
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return os_error(Code::bad_input, "read", path);
    return read_all(file.get(), path, limit);
}

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
    const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
    struct stat old {};
    const mode_t mode = ::stat(path.c_str(), &old) == 0 ? (old.st_mode & 0777) : 0644;
    Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
    if (file.get() < 0) return os_error(Code::storage, "create", temporary);
    Result<void> written = write_all(file.get(), temporary, content);
    if (written && !file.close()) written = os_error(Code::storage, "close", temporary);
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) written = os_error(Code::storage, "replace", path);
    if (!written) {
        ::unlink(temporary.c_str());
        return written;
    }
    const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0) return os_error(Code::storage, "sync the folder of", path);
    return {};
}

Result<void> make_folder_of(const std::string& path) {
    std::error_code wrong;
    std::filesystem::create_directories(folder_of(path), wrong);
    if (wrong) return fail(Code::storage, fmt::format("cannot make the folder of {}: {}", path, wrong.message()));
    return {};
}

void wipe(char* bytes, std::size_t size) { OPENSSL_cleanse(bytes, size); }

void wipe(std::string& secret) {
    wipe(secret.data(), secret.size());
    secret.clear();
}

}  // namespace fairway
