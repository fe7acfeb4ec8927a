// See layout.hpp.
#include "engine/report/layout.hpp"

#include <algorithm>

#include "engine/base/text.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t without_terminal = 120;
constexpr std::size_t narrowest = 28;  // a last column below that is broken below the others
constexpr std::size_t between = 2;

std::vector<std::size_t> widths_but_last(const std::vector<std::vector<std::string>>& rows, const Style& style) {
    std::vector<std::size_t> out;
    for (const auto& row : rows)
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            if (out.size() <= i) out.push_back(0);
            out[i] = std::max(out[i], style.width(row[i]));
        }
    return out;
}

}  // namespace

std::size_t columns_of(const Style& style) { return style.columns == 0 ? without_terminal : style.columns; }

std::string wrapped(std::string_view text, const Style& style, std::string_view first, std::size_t indent) {
    std::string out, line(first);
    bool empty = true;  // of words
    const auto end_line = [&] { out += line.erase(line.find_last_not_of(' ') + 1) + "\n"; };
    for (const std::string_view word : fairway::text::split(text, ' ')) {
        if (!empty && style.columns > 0 && style.width(line) + 1 + style.width(word) > style.columns) {
            end_line();
            line.assign(indent, ' ');
            empty = true;
        }
        if (empty && word.empty() && !out.empty()) continue;  // of columns that were broken
        if (!empty) line += ' ';
        line += word;
        empty = false;
    }
    end_line();
    return out;
}

std::string broken_table(const std::vector<std::vector<std::string>>& rows, const Style& style,
                         std::string_view indent) {
    const std::vector<std::size_t> widths = widths_but_last(rows, style);
    std::size_t used = style.width(indent);
    for (const std::size_t one : widths) used += one + between;
    const bool beside = style.columns == 0 || used + narrowest <= style.columns;
    const std::size_t below = style.width(indent) + 4;
    std::string out;
    for (const auto& row : rows) {
        if (row.empty()) continue;
        std::string line(indent);
        for (std::size_t i = 0; i + 1 < row.size(); ++i) line += style.pad(row[i], widths[i] + between);
        if (beside) {
            out += wrapped(row.back(), style, line, used);
            continue;
        }
        // Too narrow for columns at all: the cells are words of one paragraph.
        if (used > style.columns) {
            std::vector<std::string> cells(row.begin(), row.end() - 1);
            out += wrapped(fairway::text::join(cells, "  "), style, indent, below);
        } else {
            out += line.erase(line.find_last_not_of(' ') + 1) + "\n";
        }
        if (!row.back().empty()) out += wrapped(row.back(), style, std::string(below, ' '), below);
    }
    return out;
}

}  // namespace fairway::report
