// See result_file.hpp. POSIX.
#include "engine/cli/result_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "engine/base/file.hpp"

namespace fairway::cli {

namespace {

// A new file is made beside the old one and takes its place. A run that was made and cannot say so is worse than none.
Result<void> can_be_made(const std::string& path) {
    if (std::error_code wrong; std::filesystem::is_symlink(path, wrong)) return {};
    const std::string above = std::filesystem::path(path).parent_path();
    const std::string folder = above.empty() ? "." : above;
    if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return {};
    return fail(Code::storage, fmt::format("--out {} cannot be written: {}: {}; name another file", path, folder,
                                           std::generic_category().message(errno)));
}

}  // namespace

std::string result_file(const Request& request) {
    const CommandRow* const command = request.command;
    if (!command || !command->result_to_out || !request.has("out") || !command->result_to_out(request)) return {};
    const std::string path = request.get("out");
    return path == "-" ? std::string() : path;
}

Result<void> is_for_results(const std::string& path) {
    struct stat info {};
    const bool is_there = ::stat(path.c_str(), &info) == 0;
    if (!is_there || S_ISREG(info.st_mode)) return can_be_made(path);
    return fail(Code::bad_input, fmt::format("--out {} names no file, but a folder, a pipe or a device; name a file, "
                                             "or - for standard output",
                                             path));
}

Result<void> write_result(const std::string& path, std::string_view content) {
    constexpr mode_t ours_alone = 0600;
    if (auto right = is_for_results(path); !right) return right;
    return write_file_atomically(path, content, ours_alone, NoFile::refused);
}

}  // namespace fairway::cli
