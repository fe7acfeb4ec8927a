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

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
    struct stat old {};
    const mode_t mode = ::stat(path.c_str(), &old) == 0 ? (old.st_mode & 0777) : 0644;
    return replace_file(path, content, {.mode = mode, .synced = true, .no_place = Code::storage});
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
