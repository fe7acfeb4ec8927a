// See run_name.hpp. POSIX.
#include "engine/cli/run_name.hpp"

#include <algorithm>
#include <sys/stat.h>

#include "engine/base/text.hpp"

namespace fairway::cli {

bool is_run_name(std::string_view word) {
    constexpr std::string_view form = "dddd-dd-dd-dd";
    if (word.size() < form.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (i < form.size() && form[i] == '-' ? word[i] != '-' : !text::is_digit(word[i])) return false;
    return true;
}

bool is_there(const std::string& file) {
    struct stat info {};
    return ::lstat(file.c_str(), &info) == 0;
}

std::string no_run_either(const std::string& file) {
    return is_there(file) ? "" : "; and it is no run's name, as 2026-11-22-03 is one";
}

}  // namespace fairway::cli
