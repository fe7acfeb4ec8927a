// What completes a command line in a shell, printed from the tables of commands and options: a script for each shell,
// which asks nobody when it completes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fairway::cli {

struct ShellRow {
    std::string_view name;
    std::string (*script)();
};

std::span<const ShellRow> shell_table();

}  // namespace fairway::cli
