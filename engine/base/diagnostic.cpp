// See diagnostic.hpp.
#include "engine/base/diagnostic.hpp"

#include <algorithm>
#include <fmt/format.h>

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
    return source.substr(0, widest_excerpt);
}

}  // namespace

std::string show(const Diagnostic& d, std::string_view source) {
    if (d.place.line == 0) return fmt::format("{}: error: {}\n", d.file, d.text);
    std::string out = fmt::format("{}:{}:{}: error: {}\n", d.file, d.place.line, d.place.column, d.text);
    const std::string_view line = line_of(source, d.place.line);
    const auto column = static_cast<std::size_t>(std::max(1, d.place.column)) - 1;
    if (d.secret || line.empty() || column > line.size()) return out;
    // Tabs are kept in the margin so that the mark stands below what it means.
    std::string margin(line.substr(0, column));
    std::replace_if(margin.begin(), margin.end(), [](char c) { return c != '\t'; }, ' ');
    const std::size_t width = std::clamp<std::size_t>(d.width, 1, std::max<std::size_t>(1, line.size() - column));
    out += fmt::format("{:5} | {}\n      | {}^{}", d.place.line, line, margin, std::string(width - 1, '~'));
    if (!d.hint.empty()) out += " " + d.hint;
    return out + "\n";
}

}  // namespace fairway
