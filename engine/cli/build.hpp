// How was this program built, and what does it run with? For `version --verbose`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::cli {

struct BuiltWith {
    std::string_view library, version;
};

struct Build {
    std::string_view type;      // Release; with what it checks itself, where it does
    std::string_view compiler;  // GNU 12.2.0
    std::vector<BuiltWith> libraries;
};

Build build();                            // made by CMake
std::vector<std::string> loaded_files();  // the libraries that this process uses, whose names tell their versions

}  // namespace fairway::cli
