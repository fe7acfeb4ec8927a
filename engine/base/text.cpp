// See text.hpp.
#include "engine/base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <endian.h>
#include <fmt/format.h>
#include <iterator>

#include "engine/base/characters.hpp"

namespace fairway::text {

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

int hex_digit(char c) {
    c = fold(c);
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Eight bytes as they stand in memory, folded, as a number in which the first one counts most.
static std::uint64_t folded_word(std::uint64_t word) {
    constexpr std::uint64_t each = 0x0101010101010101;
    const std::uint64_t low = word & (each * 0x7f);  // so that no sum below reaches the next byte
    const std::uint64_t from_a = low + each * (0x80 - 'A'), beyond_z = low + each * (0x7f - 'Z');
    const std::uint64_t capitals = (from_a ^ beyond_z) & ~word & (each * 0x80);
    return be64toh(word | capitals >> 2);  // the bit 0x80 of a capital becomes the 0x20 of its small letter
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return fold(c) >= 'a' && fold(c) <= 'z'; }
bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

std::string fold(std::string_view s) {
    std::string out(s);
    for (char& c : out) c = fold(c);
    return out;
}

static int order_of(std::uint64_t x, std::uint64_t y) {
    if (x == y) return 0;
    x = folded_word(x);
    y = folded_word(y);
    return x < y ? -1 : x > y;
}

// By words of eight bytes, the last of which reaches back: names of one service begin alike, and most of the engine's
// time goes by here.
int compare_folded(std::string_view a, std::string_view b) {
    std::uint64_t x = 0, y = 0;
    const std::size_t n = std::min(a.size(), b.size());
    if (n >= sizeof x) {
        for (std::size_t i = 0; i < n; i += sizeof x) {
            const std::size_t at = std::min(i, n - sizeof x);
            std::memcpy(&x, a.data() + at, sizeof x);
            std::memcpy(&y, b.data() + at, sizeof y);
            if (const int order = order_of(x, y)) return order;
        }
    } else if (n > 0) {
        std::memcpy(&x, a.data(), n);
        std::memcpy(&y, b.data(), n);
        if (const int order = order_of(x, y)) return order;
    }
    if (a.size() == b.size()) return 0;
    return a.size() < b.size() ? -1 : 1;
}

bool same_folded(std::string_view a, std::string_view b) { return a.size() == b.size() && compare_folded(a, b) == 0; }

template <class Text>
static std::string joined(std::span<const Text> parts, std::string_view separator) {
    std::string out;
    for (const Text& part : parts) {
        if (!out.empty()) out += separator;
        out += part;
    }
    return out;
}

std::string join(std::span<const std::string> parts, std::string_view separator) { return joined(parts, separator); }
std::string join(std::span<const std::string_view> parts, std::string_view separator) {
    return joined(parts, separator);
}

std::string beginning(std::span<const std::string> shown, std::size_t of, Rest rest) {
    const std::string out = join(shown, ", ");
    if (of <= shown.size()) return out;
    return rest == Rest::hinted ? out + ", …" : fmt::format("{} and {} more", out, of - shown.size());
}

std::string_view trim(std::string_view s) {
    const auto first = s.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return s.substr(first, s.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> split(std::string_view s, char separator) {
    std::vector<std::string_view> out;
    while (true) {
        const auto at = s.find(separator);
        out.push_back(s.substr(0, at));
        if (at == std::string_view::npos) return out;
        s.remove_prefix(at + 1);
    }
}

// Greedy match with one point to go back to: linear for sane patterns, quadratic at worst.
bool matches(std::string_view pattern, std::string_view s) {
    std::size_t p = 0, i = 0, star = std::string_view::npos, mark = 0;
    while (i < s.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = i;
        } else if (p < pattern.size() && (pattern[p] == '?' || fold(pattern[p]) == fold(s[i]))) {
            ++p;
            ++i;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            i = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

namespace {

// Optimal string alignment: insert, delete, replace and swap of neighbours each cost one.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t cost = fold(a[i - 1]) == fold(b[j - 1]) ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]))
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

std::string_view did_you_mean(std::string_view wrong, std::span<const std::string_view> known) {
    if (wrong.size() > 64) return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(3, wrong.size() / 3)) + 1;
    for (std::string_view candidate : known) {
        const std::size_t d = distance(wrong, candidate);
        if (d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

namespace {

bool is_control(std::uint32_t point) { return point < 0x20 || point == 0x7f; }

// What nobody sees on a screen, or what turns what is seen: C1 controls, blanks that are not the plain one, format
// characters (general category Cf), line and paragraph separators, and all else that is shown as nothing
// (Default_Ignorable_Code_Point of Unicode 15: fillers, variation selectors, tags).
constexpr Range misleading[] = {
    {0x80, 0xa0},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},     {0x61c, 0x61c},
    {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},     {0x115f, 0x1160},
    {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x2000, 0x200f},   {0x2028, 0x202f},
    {0x205f, 0x206f},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd},
    {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool misleads(std::uint32_t point) {
    if (point < std::begin(misleading)->first) return false;
    const auto next = std::upper_bound(std::begin(misleading), std::end(misleading), point,
                                       [](std::uint32_t one, const Range& range) { return one < range.first; });
    return next != std::begin(misleading) && point <= std::prev(next)->last;
}

std::string made_printable(std::string_view s, bool keep_lines) {
    std::string out;
    out.reserve(s.size());
    while (!s.empty()) {
        const auto [point, bytes] = decode(s);
        if (bytes == 0 || (is_control(point) && !(keep_lines && point == '\n')))
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(s[0]));
        else if (misleads(point)) out += fmt::format("\\u{{{:x}}}", point);
        else out += s.substr(0, bytes);
        s.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

}  // namespace

std::string printable(std::string_view s) { return made_printable(s, false); }
std::string printable_lines(std::string_view s) { return made_printable(s, true); }

std::string printable_json(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    while (!json.empty()) {
        const auto [point, bytes] = decode(json);
        // JSON escapes 16 bits at a time: what lies beyond is a pair of surrogates (RFC 8259, section 7).
        if (bytes == 0 || (point != 0x7f && !misleads(point))) out += json.substr(0, std::max<std::size_t>(bytes, 1));
        else if (point < 0x10000) out += fmt::format("\\u{:04x}", point);
        else out += fmt::format("\\u{:04x}\\u{:04x}", 0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
        json.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

namespace {

// Eight bytes at once, as nearly all text is plain: none below a blank, none above 0x7e.
bool all_plain(const char* bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101, highs = ones << 7;
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return ((word | (word + ones) | (word - ones * 0x20)) & highs) == 0;
}

}  // namespace

namespace {

bool is_clean(std::string_view s, std::string_view controls) {
    while (!s.empty()) {
        if (s.size() >= sizeof(std::uint64_t) && all_plain(s.data())) {
            s.remove_prefix(sizeof(std::uint64_t));
            continue;
        }
        const auto [point, bytes] = decode(s);
        if (bytes == 0 || (is_control(point) && controls.find(s[0]) == std::string_view::npos)) return false;
        s.remove_prefix(bytes);
    }
    return true;
}

}  // namespace

std::string shell_word(std::string_view s) {
    const auto is_plain = [](char c) {
        return is_alnum(c) || std::string_view("/._-+:@,").find(c) != std::string_view::npos;
    };
    if (!s.empty() && std::all_of(s.begin(), s.end(), is_plain)) return std::string(s);
    std::string out = "'";
    for (const char c : s) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

bool is_clean_utf8(std::string_view s) { return is_clean(s, "\t\n\r"); }
bool is_clean_line(std::string_view s) { return is_clean(s, {}); }

std::optional<std::u32string> code_points(std::string_view s) {
    std::u32string out;
    while (!s.empty()) {
        const auto [point, bytes] = decode(s);
        if (bytes == 0) return std::nullopt;
        out.push_back(static_cast<char32_t>(point));
        s.remove_prefix(bytes);
    }
    return out;
}

}  // namespace fairway::text
