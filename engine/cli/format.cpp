// See format.hpp.
#include "engine/cli/format.hpp"

#include <algorithm>
#include <array>

#include "engine/base/json.hpp"
#include "engine/report/csv.hpp"

namespace fairway::cli {
namespace {

std::string as_json(const Json& result, std::string_view) { return print_json(result); }

std::string as_csv(const Json& result, std::string_view list) {
    const Json* rows = find(result, list);
    return rows ? report::csv(*rows) : std::string();
}

constexpr std::array format_rows = {
    FormatRow{"text"},
    FormatRow{"json", as_json},
    FormatRow{"csv", as_csv, true},
};

}  // namespace

std::span<const FormatRow> format_table() { return format_rows; }

const FormatRow& find_format(std::string_view name) {
    const auto it =
        std::find_if(format_rows.begin(), format_rows.end(), [&](const FormatRow& row) { return row.name == name; });
    return it == format_rows.end() ? format_rows.front() : *it;
}

std::string format_words() {
    std::string out;
    for (const FormatRow& row : format_rows) out += (out.empty() ? "" : "|") + std::string(row.name);
    return out;
}

}  // namespace fairway::cli
