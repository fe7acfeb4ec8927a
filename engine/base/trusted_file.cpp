// See trusted_file.hpp. Whoever owns a symbolic link chooses what is read: links are followed by hand, one by one, and
// each is looked at through the descriptor that is read from, so that it cannot be exchanged in between.
#include "engine/base/trusted_file.hpp"

#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <functional>
#include <sys/stat.h>

#include "engine/base/caller.hpp"
#include "engine/base/posix.hpp"

namespace fairway {
namespace {

using Owner = std::function<bool(uid_t)>;

bool ours_or_roots(uid_t owner) { return owner == ::geteuid() || owner == 0; }

// `look` gets the name of each link on the way, and of the file.
Result<Descriptor> follow(const std::string& path, Code code, std::string_view doing, const Owner& owner,
                          const std::function<Result<void>(const std::string&)>& look) {
    constexpr int most_links = 8;
    std::string name = path;
    for (int links = 0; links <= most_links; ++links) {
        if (auto good = look(name); !good) return tl::unexpected(good.error());
        Descriptor file(::open(name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        struct stat info {};
        if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return os_error(code, doing, path);
        if (!S_ISLNK(info.st_mode)) {
            // Nonblocking: a pipe in the file's place would keep us waiting for its writer.
            Descriptor open(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
            if (open.get() < 0) return os_error(code, doing, path);
            return open;
        }
        if (!owner(info.st_uid))
            return fail(code, fmt::format("{} is a symbolic link of somebody else, who could point it at any file of "
                                          "yours; name the file itself",
                                          name));
        std::array<char, 4096> target{};
        const ssize_t n = ::readlinkat(file.get(), "", target.data(), target.size() - 1);
        if (n < 0) return os_error(code, "follow", name);
        const auto slash = name.rfind('/');
        const bool relative = target[0] != '/' && slash != std::string::npos;
        name = (relative ? name.substr(0, slash + 1) : std::string()) + target.data();
    }
    return fail(code, fmt::format("{} leads through too many symbolic links", path));
}

// Who may write a folder may put another file into the place of the one that was looked at; not where it is sticky.
Result<void> folder_is_trusted(const std::string& name) {
    const std::string folder = folder_of(name);
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) return {};  // the file itself will not be found
    if (!callers_or_roots(info.st_uid))
        return fail(Code::refused, fmt::format("{} lies in a folder of somebody else (owner {})", name, info.st_uid));
    if ((info.st_mode & 022) != 0 && (info.st_mode & S_ISVTX) == 0)
        return fail(Code::refused,
                    fmt::format("{} lies in a folder that others may write; chmod go-w {}", name, folder));
    return {};
}

}  // namespace

Result<Descriptor> open_secret_file(const std::string& path) {
    auto file = follow(path, Code::bad_input, "read the secret in", ours_or_roots,
                       [](const std::string&) { return Result<void>(); });
    if (!file) return file;
    struct stat info {};
    if (::fstat(file->get(), &info) != 0) return os_error(Code::bad_input, "look at", path);
    if (!S_ISREG(info.st_mode))
        return fail(Code::bad_input, fmt::format("{} is not a regular file; a secret must be in one", path));
    if (!ours_or_roots(info.st_uid))
        return fail(Code::bad_input, fmt::format("{} belongs to somebody else; a secret's file must be yours", path));
    if ((info.st_mode & 077) != 0)
        return fail(Code::bad_input, fmt::format("others may read {}; chmod 600 it first", path));
    return file;
}

Result<void> is_secret_file(const std::string& path) {
    const auto file = open_secret_file(path);
    return file ? Result<void>() : tl::unexpected(file.error());
}

Result<Descriptor> open_trusted_file(const std::string& path) {
    auto file = follow(path, Code::refused, "read", callers_or_roots, folder_is_trusted);
    if (!file) return file;
    struct stat info {};
    if (::fstat(file->get(), &info) != 0) return os_error(Code::refused, "look at", path);
    if (!S_ISREG(info.st_mode)) return fail(Code::refused, fmt::format("{} is not a regular file", path));
    if (!callers_or_roots(info.st_uid))
        return fail(Code::refused, fmt::format("{} belongs to somebody else (owner {})", path, info.st_uid));
    if ((info.st_mode & 022) != 0)
        return fail(Code::refused, fmt::format("others may write {0}; see what it says, then chmod go-w {0}", path));
    return file;
}

}  // namespace fairway
