// Text that fits where it goes: paragraphs and tables that are broken before the terminal's edge. Nothing is cut off.
// Where there is no terminal, a sentence stays on its line, so that whoever searches for words finds them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/report/style.hpp"

namespace fairway::report {

// Of the terminal; 120 where there is none, for tables of many columns.
std::size_t columns_of(const Style& style);

// Words broken before the edge. `first` begins the first line, blanks as wide as `indent` the others.
std::string wrapped(std::string_view text, const Style& style, std::string_view first, std::size_t indent);

// Rows whose last cell may be long: it is broken within its column or, where that is too narrow, below the others.
std::string broken_table(const std::vector<std::vector<std::string>>& rows, const Style& style,
                         std::string_view indent);

}  // namespace fairway::report
