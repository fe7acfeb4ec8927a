// See file.hpp.
#include "engine/base/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include "engine/base/descriptor.hpp"
#include "engine/base/posix.hpp"

namespace fairway {

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return os_error(Code::bad_input, "read", path);
    Result<std::string> out = read_most(file.get(), path, limit + 1, Code::bad_input);
    if (out && out->size() > limit)
        return fail(Code::bad_input, fmt::format("{} is larger than the limit of {} bytes", path, limit));
    return out;
}

namespace {

bool is_same(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

// The descriptor into which this process prints that file; -1: it does not. Replaced, the file would be lost to whoever
// reads what is printed, and opened anew it would be written from its beginning.
int printed_into(const struct stat& file) {
    struct stat info {};
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
        if (::fstat(fd, &info) == 0 && is_same(info, file)) return fd;
    return -1;
}

// The name, without links, of what is open; empty where it has none.
std::string name_of(int fd, const struct stat& file) {
    std::error_code wrong;
    const std::string name = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", fd), wrong);
    struct stat info {};
    return !wrong && ::lstat(name.c_str(), &info) == 0 && is_same(info, file) ? name : std::string();
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view content, mode_t fresh, NoFile other) {
    const auto replaced = [&](const std::string& name, mode_t mode) {
        return replace_file(name, content, {.mode = mode, .synced = true, .no_place = Code::storage});
    };
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 && errno == ENOENT) return replaced(path, fresh);
    // Opened, because the kernel knows which links are not to be followed (fs.protected_symlinks); created, because a
    // link may lead to a file that is not there yet.
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOCTTY | O_CLOEXEC, fresh));
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return os_error(Code::storage, "write", path);
    if (!S_ISREG(info.st_mode) && other == NoFile::refused)
        return fail(Code::storage, fmt::format("cannot write {}: it is no file", path));
    if (!S_ISREG(info.st_mode)) return write_all(file.get(), path, content);
    if (const int fd = printed_into(info); fd >= 0) return write_all(fd, path, content);
    const std::string name = name_of(file.get(), info);
    if (name.empty())
        return fail(Code::storage, fmt::format("cannot write {}: it has no name that can be replaced", path));
    return replaced(name, info.st_mode & 0777);
}

Result<void> make_folder_of(const std::string& path) {
    const std::string folder = folder_of(path);
    struct stat info {};
    if (::stat(folder.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode)) return {};
        return fail(Code::storage, fmt::format("cannot make the folder of {}: {} is no folder", path, folder));
    }
    if (auto above = make_folder_of(folder); !above) return above;
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return os_error(Code::storage, "make the folder of", path);
    return {};
}

void wipe(char* bytes, std::size_t size) { OPENSSL_cleanse(bytes, size); }

void wipe(std::string& secret) {
    wipe(secret.data(), secret.size());
    secret.clear();
}

}  // namespace fairway
