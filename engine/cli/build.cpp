// See build.hpp.
#include <algorithm>
#include <filesystem>
#include <link.h>

#include "engine/cli/build.hpp"

namespace fairway::cli {

std::vector<std::string> loaded_files() {
    std::vector<std::string> out;
    const auto add = [](dl_phdr_info* one, std::size_t, void* into) {
        std::error_code gone;
        // The program itself has no name, and the kernel's part no file.
        const auto file = std::filesystem::canonical(one->dlpi_name, gone);
        if (!gone) static_cast<std::vector<std::string>*>(into)->push_back(file.string());
        return 0;
    };
    ::dl_iterate_phdr(add, &out);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace fairway::cli
