// Small questions about text: folding case, distance for a did-you-mean, joining, trimming.
// ASCII only: directory names, service principal names and settings are compared this way.
#pragma once

#include <charconv>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairway::text {

char fold(char c);
bool is_digit(char c);
bool is_letter(char c);
bool is_alnum(char c);
int hex_digit(char c);  // 0 to 15, -1: it is none
std::string fold(std::string_view s);
bool same_folded(std::string_view a, std::string_view b);
// <0, 0, >0 as strcasecmp does.
int compare_folded(std::string_view a, std::string_view b);

std::string join(std::span<const std::string> parts, std::string_view separator);
std::string join(std::span<const std::string_view> parts, std::string_view separator);

// The beginning of a list, for a sentence: "a, b and 4 more" or, where the sentence has the number, "a, b, …".
enum class Rest { counted, hinted };
std::string beginning(std::span<const std::string> shown, std::size_t of, Rest rest);
// `show` makes the text of one element; it is asked about the first `most` only.
template <class List, class Show = std::identity>
std::string some(const List& all, std::size_t most, Show show = {}, Rest rest = Rest::counted) {
    std::vector<std::string> shown;
    for (const auto& one : all) {
        if (shown.size() == most) break;
        shown.emplace_back(show(one));
    }
    return beginning(shown, all.size(), rest);
}

std::string_view trim(std::string_view s);

// The number that the whole of `s` is, in digits of the base; nothing where it is anything else or does not fit. Only
// signed types take a minus, and none a plus.
template <class Number>
std::optional<Number> number(std::string_view s, int base = 10) {
    Number out{};
    const auto [end, wrong] = std::from_chars(s.data(), s.data() + s.size(), out, base);
    if (wrong != std::errc{} || end != s.data() + s.size()) return std::nullopt;
    return out;
}

std::vector<std::string_view> split(std::string_view s, char separator);

// True if `s` fits a shell-like pattern with `*` and `?`, compared without case.
bool matches(std::string_view pattern, std::string_view s);

// The nearest of `known` if it is near enough to be a slip of the finger, or empty.
std::string_view did_you_mean(std::string_view wrong, std::span<const std::string_view> known);

// For a terminal, whatever it holds: control characters (line feeds and tabs too), line separators, marks
// that turn the writing direction, what nobody sees, and bytes that are not UTF-8 stand as \x1b or \u{202e}. Text from
// outside goes through here on its way to a person; what is stored and compared stays as it is.
std::string printable(std::string_view s);
std::string printable_lines(std::string_view s);  // line feeds stay
// The same for what is JSON already: it means what it did, and its escapes show what nobody would see.
std::string printable_json(std::string_view json);

// One word of a shell's command line that stands for it.
std::string shell_word(std::string_view s);

// True if every byte sequence is well-formed UTF-8 without control characters but tab and line feeds.
bool is_clean_utf8(std::string_view s);
bool is_clean_line(std::string_view s);  // without those as well

// The characters of well-formed UTF-8; nothing if it is not.
std::optional<std::u32string> code_points(std::string_view s);

}  // namespace fairway::text
