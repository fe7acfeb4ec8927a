// See caller.hpp.
#include "engine/base/caller.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/posix.hpp"
#include "engine/base/text.hpp"

namespace fairway {
namespace {

// What sudo says of the person who called it; empty where somebody else may have said it.
std::string_view by_sudo(const char* variable) {
    const char* value = ::getuid() == 0 ? std::getenv(variable) : nullptr;
    return value ? value : "";
}

bool is_account_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() <= longest && std::all_of(name.begin(), name.end(), [](char c) {
        return text::is_alnum(c) || std::string_view("._-@\\$+").find(c) != std::string_view::npos;
    });
}

}  // namespace

std::string account_of(uid_t user) {
    const passwd* entry = ::getpwuid(user);
    return entry ? entry->pw_name : std::to_string(user);
}

std::string account() {
    std::string out = account_of(::geteuid());
    const std::string_view person = by_sudo("SUDO_USER");
    if (is_account_name(person) && person != out) out += fmt::format(" (sudo by {})", person);
    return out;
}

bool callers_or_roots(uid_t owner) {
    return owner == ::geteuid() || owner == 0 || text::number<uid_t>(by_sudo("SUDO_UID")) == owner;
}

Result<void> is_own_folder(const std::string& folder) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) return os_error(Code::storage, "look at", folder);
    if (!callers_or_roots(info.st_uid))
        return fail(Code::storage,
                    fmt::format("the folder {} belongs to {}, who could exchange what Fairway keeps there; "
                                "name one of your own",
                                folder, account_of(info.st_uid)));
    if ((info.st_mode & 022) != 0)
        return fail(Code::storage,
                    fmt::format("others may write in the folder {0} and could exchange what Fairway keeps "
                                "there; name one of your own, or chmod go-w {0}",
                                folder));
    return {};
}

}  // namespace fairway
