// See diagnostic.hpp.
#include "engine/base/diagnostic.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/screen.hpp"
#include "engine/base/text.hpp"

namespace fairway {
namespace {

constexpr std::size_t widest_excerpt = 120;

std::string_view line_of(std::string_view source, int line) {
    for (int at = 1; at < line; ++at) {
        const auto end = source.find('\n');
        if (end == std::string_view::npos) return {};
        source.remove_prefix(end + 1);
    }
    source = source.substr(0, source.find('\n'));
    if (!source.empty() && source.back() == '\r') source.remove_suffix(1);
    return text::whole(source, widest_excerpt);
}

// A document may hold a word of a megabyte; a complaint about it does not.
std::string clipped(std::string words) {
    constexpr std::size_t kept = 200;  // at each end
    if (words.size() <= 2 * kept) return words;
    const std::size_t rest = text::whole(words, words.size() - kept).size();
    return std::string(text::whole(words, kept)) + " … " + words.substr(rest);
}

// As wide as it gets where it is printed.
std::size_t columns_of(std::string_view s) { return text::columns(screen::is_ascii() ? text::ascii(s) : s); }

}  // namespace

std::string line_of(Place place, const std::string& file, Place said_at) {
    return place.file == said_at.file ? fmt::format("line {}", place.line) : fmt::format("{}:{}", file, place.line);
}

std::string show(const Diagnostic& d, std::string_view source) {
    const std::string words = clipped(text::printable(d.text));
    if (d.place.line == 0) return fmt::format("{}: error: {}\n", d.file, words);
    std::string out = fmt::format("{}:{}:{}: error: {}\n", d.file, d.place.line, d.place.column, words);
    std::string line(line_of(source, d.place.line));
    std::replace(line.begin(), line.end(), '\t', ' ');
    const auto column = static_cast<std::size_t>(std::max(1, d.place.column)) - 1;
    if (d.secret || line.empty() || column > line.size()) return out;
    const std::string excerpt = text::printable(line);
    const std::string margin(columns_of(text::printable(line.substr(0, column))), ' ');
    const std::size_t width = std::clamp<std::size_t>(d.width, 1, std::max<std::size_t>(1, line.size() - column));
    out += fmt::format("{:5} | {}\n      | {}^{}", d.place.line, excerpt, margin, std::string(width - 1, '~'));
    if (!d.hint.empty()) out += " " + text::printable(d.hint);
    return out + "\n";
}

}  // namespace fairway
