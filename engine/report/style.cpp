// See style.hpp.
#include "engine/report/style.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace fairway::report {

std::string Style::operator()(Paint paint, std::string_view text) const {
    constexpr std::array<std::string_view, 6> codes = {"", "32", "31", "33", "2", "1"};
    const std::string_view code = codes.at(static_cast<std::size_t>(paint));
    if (!colour || code.empty()) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", code, text);
}

std::size_t width(std::string_view text) {
    std::size_t columns = 0;
    bool escape = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0x1b) escape = true;
        else if (escape) escape = c != 'm';
        else if ((byte & 0xc0) != 0x80) ++columns;
    }
    return columns;
}

std::string pad(std::string text, std::size_t columns) {
    const std::size_t have = width(text);
    if (have < columns) text.append(columns - have, ' ');
    return text;
}

std::string table(const std::vector<std::vector<std::string>>& rows, std::string_view indent) {
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
