// In which forms results are printed: one row for each. A writer gets the result as it stands in JSON and decides
// nothing; which command has which form, its row says.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"

namespace fairway::cli {

struct CommandRow;

enum class Has { always, with_a_table, named };  // which commands have a form: those with a `list`, or in their `forms`

struct FormatRow {
    std::string_view name;
    // `list`: the field of a command's result that is a table. Null: the text for people is printed.
    std::string (*print)(const Json& result, std::string_view list) = nullptr;
    Has has = Has::always;
};

std::span<const FormatRow> format_table();            // the first one is used where none is asked for
const FormatRow& find_format(std::string_view name);  // the first where there is none of this name
std::string format_words();                           // "text|json|csv"

bool has_form(const CommandRow& command, const FormatRow& format);
std::string forms_of(const CommandRow& command);  // "text, json, csv"

}  // namespace fairway::cli
