// How text meets a person's eye: colour only where it is wanted, columns that line up, and what the place that it goes
// to can show. Decides nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::report {

enum class Paint { plain, good, bad, warn, dim, bold };

struct Style {
    bool colour = false;
    bool ascii = false;  // marks and names are in ASCII (the printer sees to that); here it is known how wide they get
    std::size_t columns = 0;  // of the terminal that the text goes to; 0: it goes to none, and nothing is cut

    std::string operator()(Paint paint, std::string_view text) const;

    // How many columns a text takes on a terminal: wide characters are two, colours none.
    std::size_t width(std::string_view text) const;
    std::string pad(std::string text, std::size_t to) const;
    // At a terminal: no wider than that, of whole characters, with `…` where something is left out.
    std::string cut(std::string_view text, std::size_t most) const;
    // Rows of cells, each column as wide as its widest cell, two blanks between; no blanks at line ends.
    std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) const;
};

// "1 change", "2 changes".
std::string count(std::size_t n, std::string_view noun);

}  // namespace fairway::report
