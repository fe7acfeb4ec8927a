// How text meets a person's eye: colour only where it is wanted, columns that line up. Decides nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::report {

enum class Paint { plain, good, bad, warn, dim, bold };

struct Style {
    bool colour = false;
    std::string operator()(Paint paint, std::string_view text) const;
};

// How many columns a text takes on a terminal: UTF-8 characters, escape sequences not counted.
std::size_t width(std::string_view text);
std::string pad(std::string text, std::size_t columns);

// Rows of cells, each column as wide as its widest cell, two blanks between; no blanks at line ends.
std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent);

// "1 change", "2 changes".
std::string count(std::size_t n, std::string_view noun);

}  // namespace fairway::report
