// The JSON Schema of the JSON output of commands.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairway::report {

// Which fields a command's result has when nothing went wrong.
struct ResultRow {
    std::string_view command;
    std::vector<std::string_view> fields;
    std::vector<std::string_view> otherwise = {};  // those of its other result; empty: it has but one
};

std::string result_schema(std::span<const ResultRow> results);

}  // namespace fairway::report
