// See format.hpp.
#include "engine/cli/format.hpp"

#include <algorithm>
#include <array>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/options.hpp"
#include "engine/forms/csv.hpp"
#include "engine/forms/html.hpp"
#include "engine/forms/junit.hpp"
#include "engine/forms/markdown.hpp"
#include "engine/forms/prometheus.hpp"
#include "engine/forms/sarif.hpp"

namespace fairway::cli {
namespace {

std::string as_json(const Json& result, std::string_view) { return print_json(result); }

std::string as_csv(const Json& result, std::string_view list) {
    const Json* rows = find(result, list);
    return rows ? forms::csv(*rows) : std::string();
}

// A form that needs the result alone.
template <std::string (*Write)(const Json&)>
std::string whole(const Json& result, std::string_view) {
    return Write(result);
}

constexpr std::array format_rows = {
    FormatRow{"text"},
    FormatRow{"json", as_json},
    FormatRow{"csv", as_csv, Has::with_a_table},
    FormatRow{"markdown", whole<forms::markdown>, Has::named},
    FormatRow{"html", whole<forms::html>, Has::named},
    FormatRow{"junit", whole<forms::junit>, Has::named},
    FormatRow{"sarif", whole<forms::sarif>, Has::named},
    FormatRow{"prometheus", whole<forms::prometheus>, Has::named},
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

bool has_form(const CommandRow& command, const FormatRow& format) {
    switch (format.has) {
        case Has::always: return true;
        case Has::with_a_table: return !command.list.empty();
        case Has::named: break;
    }
    return std::find(command.forms.begin(), command.forms.end(), format.name) != command.forms.end();
}

std::string forms_of(const CommandRow& command) {
    std::vector<std::string_view> out;
    for (const FormatRow& row : format_rows)
        if (has_form(command, row)) out.push_back(row.name);
    return text::join(out, ", ");
}

}  // namespace fairway::cli
