// See csv.hpp.
#include "engine/forms/csv.hpp"

#include <algorithm>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::forms {
namespace {

constexpr std::string_view line_end = "\r\n";

std::string csv_text(std::string text) {
    constexpr std::string_view begins_formula = "=+-@\t\r";
    if (!text.empty() && begins_formula.find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string csv_words(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    const bool texts =
        value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); });
    if (!texts) return value.dump();
    std::vector<std::string> all;
    for (const Json& one : value) all.push_back(one.get<std::string>());
    return fairway::text::join(all, "; ");
}

std::string csv_cell(const Json& value) {
    if (value.is_number() || value.is_boolean()) return value.dump();
    return value.is_null() ? std::string() : csv_text(csv_words(value));
}

}  // namespace

std::string csv(const Json& rows) {
    std::vector<std::string> columns;
    for (const Json& row : rows)
        for (const auto& [key, value] : row.items())
            if (std::find(columns.begin(), columns.end(), key) == columns.end()) columns.push_back(key);
    std::vector<std::string> heads;
    for (const std::string& column : columns) heads.push_back(csv_text(column));
    std::string out = fairway::text::join(heads, ",") + std::string(line_end);
    for (const Json& row : rows) {
        std::vector<std::string> cells;
        for (const std::string& column : columns) {
            const Json* value = find(row, column);
            cells.push_back(value ? csv_cell(*value) : std::string());
        }
        out += fairway::text::join(cells, ",") + std::string(line_end);
    }
    return columns.empty() ? std::string() : out;
}

}  // namespace fairway::forms
