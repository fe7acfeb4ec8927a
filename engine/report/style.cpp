// See style.hpp.
#include "engine/report/style.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/characters.hpp"

namespace fairway::report {

std::string Style::operator()(Paint paint, std::string_view text) const {
    constexpr std::array<std::string_view, 6> codes = {"", "32", "31", "33", "2", "1"};
    const std::string_view code = codes.at(static_cast<std::size_t>(paint));
    if (!colour || code.empty()) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", code, text);
}

std::size_t Style::width(std::string_view text) const { return text::columns(ascii ? text::ascii(text) : text); }

std::string Style::pad(std::string text, std::size_t to) const {
    const std::size_t have = width(text);
    if (have < to) text.append(to - have, ' ');
    return text;
}

std::string Style::cut(std::string_view text, std::size_t most) const {
    if (columns == 0) return std::string(text);
    return ascii ? text::cut(text::ascii(text), most, "...") : text::cut(text, most);
}

std::string Style::table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (widths.size() <= i) widths.push_back(0);
            widths[i] = std::max(widths[i], width(row[i]));
        }
    std::string out;
    for (const auto& row : rows) {
        std::string line(indent);
        for (std::size_t i = 0; i < row.size(); ++i) line += pad(row[i], i + 1 < row.size() ? widths[i] + 2 : 0);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string count(std::size_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

}  // namespace fairway::report
