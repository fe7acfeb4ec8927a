// See settings.hpp.
#include "engine/report/settings.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/risk.hpp"

namespace fairway::report {
namespace {

std::string values(const Setting& row) {
    if (row.type == Type::boolean) return "true, false";
    if (row.type == Type::integer)
        return fmt::format("{} to {}{}{}", row.least, row.most, row.unit.empty() ? "" : " ", row.unit);
    if (row.type == Type::set)
        return fmt::format("a set{}; each element {}",
                           row.most_elements ? fmt::format(" of at most {}", row.most_elements) : "", row.element);
    if (row.choices.empty()) return "text";
    return text::join(std::vector<std::string>(row.choices.begin(), row.choices.end()), ", ");
}

// Words of a paragraph, broken before column 100 or the terminal's last. `first` begins the first line, `indent` the
// others.
std::string wrapped(const Style& style, std::string_view paragraph, std::string_view indent,
                    std::string_view first = {}) {
    const std::size_t widest = style.columns == 0 ? 100 : std::min<std::size_t>(100, style.columns - 1);
    std::string out, line(first.empty() ? indent : first);
    for (std::string_view word : text::split(paragraph, ' ')) {
        if (style.width(line) + style.width(word) > widest) {
            out += line + "\n";
            line = indent;
        }
        if (!line.ends_with(' ')) line += ' ';
        line += word;
    }
    return out + line + "\n";
}

}  // namespace

std::string settings_text(const Style& style) {
    std::string out;
    for (const Setting* row : catalogue()) {
        const bool fact = row->access == Access::fact;
        out += fmt::format("{}  ({} of a {}{})\n", style(Paint::bold, row->name), name(row->type), name(row->kind),
                           fact                                ? ", only read"
                           : row->access == Access::by_command ? ", written by a command of its own"
                                                               : "");
        out += wrapped(style, row->doc, "    ");
        out += fmt::format("    values  {}\n", values(*row));
        out += fmt::format("    from    {}\n", row->source);
        if (!fact) {
            out += fmt::format("    change  made in the {} phase, undone {}\n", name(row_of(row->kind).stage),
                               row->undo == Undo::exact ? "exactly" : "element by element");
            out += fmt::format("    equals  {}\n", row->cmdlet);
            for (const RiskRow* one : risks_of(*row))
                out += wrapped(style, fmt::format("{}; {}", one->when, one->because), "            ",
                               fmt::format("    risk    {}: ", name(one->risk)));
        }
        out += "\n";
    }
    return out;
}

Json settings_json() {
    Json out = Json::array();
    for (const Setting* row : catalogue()) {
        const bool fact = row->access == Access::fact;
        Json one = {{"name", row->name},           {"kind", name(row->kind)}, {"type", name(row->type)},
                    {"access", name(row->access)}, {"doc", row->doc},         {"source", row->source}};
        if (row->type == Type::integer) one["range"] = {{"least", row->least}, {"most", row->most}};
        if (!row->unit.empty()) one["unit"] = row->unit;
        if (!row->choices.empty()) one["choices"] = std::vector<std::string>(row->choices.begin(), row->choices.end());
        if (!row->element.empty()) one["element"] = row->element;
        if (row->most_elements > 0) {
            one["most_elements"] = row->most_elements;
            one["capacity"] = row->capacity;
        }
        if (!fact) {
            one["risks"] = Json::array();
            for (const RiskRow* risk : risks_of(*row))
                one["risks"].push_back({{"risk", name(risk->risk)}, {"when", risk->when}, {"because", risk->because}});
            one["phase"] = name(row_of(row->kind).stage);
            one["undo"] = name(row->undo);
            one["cmdlet"] = row->cmdlet;
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace fairway::report
