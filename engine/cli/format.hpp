// In which forms results are printed: one row for each. A writer gets the result as it stands in JSON and decides
// nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"

namespace fairway::cli {

struct FormatRow {
    std::string_view name;
    // `list`: the field of a command's result that is a table. Null: the text for people is printed.
    std::string (*print)(const Json& result, std::string_view list) = nullptr;
    bool of_lists = false;  // for commands whose result has a table
};

std::span<const FormatRow> format_table();            // the first one is used where none is asked for
const FormatRow& find_format(std::string_view name);  // the first where there is none of this name
std::string format_words();                           // "text|json|csv"

}  // namespace fairway::cli
