// See result_file.hpp. POSIX.
#include "engine/cli/result_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "engine/base/file.hpp"

namespace fairway::cli {

std::string result_file(const Request& request) {
    const CommandRow* const command = request.command;
    if (!command || !command->result_to_out || !request.has("out") || !command->result_to_out(request)) return {};
    const std::string path = request.get("out");
    return path == "-" ? std::string() : path;
}

Result<void> is_for_results(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode)) return {};
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
