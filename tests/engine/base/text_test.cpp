// The small questions about texts: splitting, folding, guessing what was meant.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::text_test {

TEST_CASE("text: folding is ASCII only") {
    CHECK(text::fold("HV01 \xc3\x84") == "hv01 \xc3\x84");
    CHECK(text::same_folded("CIFS/hv01", "cifs/HV01"));
    CHECK(!text::same_folded("cifs", "cif"));
    CHECK(text::compare_folded("a", "B") < 0);
    CHECK(text::compare_folded("B", "a") > 0);
    CHECK(text::compare_folded("ab", "A") > 0);
    CHECK(text::compare_folded("A", "a") == 0);
    CHECK(text::compare_folded("\xc3\xa4", "z") > 0);
}

// It goes by words of eight bytes, so each place in them, in each letter case, is tried against one byte after the
// other.
TEST_CASE("text: texts are ordered as one byte after the other orders them") {
    const auto by_bytes = [](std::string_view a, std::string_view b) {
        const std::string x = text::fold(a), y = text::fold(b);
        return x.compare(y) < 0 ? -1 : x == y ? 0 : 1;
    };
    const std::string long_one = "Microsoft Virtual SystemZ";
    for (std::size_t place = 0; place < long_one.size(); ++place)
        for (const char other : {'m', 'M', '[', '@', '\x01', '\xff'})
            for (std::size_t size = place + 1; size <= long_one.size(); ++size) {
                std::string changed = long_one.substr(0, size);
                changed[place] = other;
                CAPTURE(changed);
                CHECK(text::compare_folded(long_one, changed) == by_bytes(long_one, changed));
                CHECK(text::compare_folded(changed, text::fold(long_one)) == by_bytes(changed, long_one));
            }
}

TEST_CASE("text: hexadecimal digits") {
    constexpr std::string_view digits = "0123456789abcdef", capitals = "0123456789ABCDEF";
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const auto at = std::min(digits.find(c), capitals.find(c));
        CAPTURE(byte);
        CHECK(text::hex_digit(c) == (at == std::string_view::npos ? -1 : static_cast<int>(at)));
    }
}

TEST_CASE("text: a number is the whole text, and fits") {
    CHECK(text::number<int>("-12") == -12);
    CHECK(text::number<std::uint16_t>("65535") == 65535);
    CHECK(text::number<unsigned>("fF", 16) == 255);
    for (const char* wrong : {"", " 1", "1 ", "+1", "-", "-1", "1.0", "0x1", "65536", "one"})
        CHECK_FALSE(text::number<std::uint16_t>(wrong));
}

TEST_CASE("text: join, split, trim") {
    const std::vector<std::string> parts = {"a", "b", "c"};
    CHECK(text::join(parts, ", ") == "a, b, c");
    CHECK(text::join(std::vector<std::string>(), ", ").empty());
    CHECK(text::split("a,,b", ',') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(text::split("", ',') == std::vector<std::string_view>{""});
    CHECK(text::trim(" \t a b\r\n") == "a b");
    CHECK(text::trim(" \n").empty());
}

TEST_CASE("text: the beginning of a list") {
    const std::vector<std::string> list = {"a", "b", "c"};
    const std::tuple<std::size_t, const char*, const char*> rows[] = {
        {1, "a and 2 more", "a, …"},
        {2, "a, b and 1 more", "a, b, …"},
        {3, "a, b, c", "a, b, c"},
        {9, "a, b, c", "a, b, c"},
    };
    for (const auto& [most, counted, hinted] : rows) {
        CAPTURE(most);
        CHECK(text::some(list, most) == counted);
        CHECK(text::some(list, most, {}, text::Rest::hinted) == hinted);
    }
    CHECK(text::some(std::vector<std::string>(), 3).empty());
    std::size_t asked = 0;
    const auto show = [&](const std::string& one) { return ++asked, "<" + one + ">"; };
    CHECK(text::some(list, 2, show) == "<a>, <b> and 1 more");
    CHECK(asked == 2);
}

TEST_CASE("text: patterns") {
    const std::tuple<const char*, const char*, bool> rows[] = {
        {"HV0*", "hv01", true},   {"HV0?", "HV012", false}, {"*", "", true},           {"?", "", false},
        {"*1", "HV01", true},     {"*1", "HV10", false},    {"H*V*1", "HxVyV1", true}, {"HV01", "HV01", true},
        {"HV01", "HV011", false}, {"", "x", false},         {"**a**", "bab", true},    {"*a?c", "aabcabc", true},
    };
    for (const auto& [pattern, name, fits] : rows) {
        CAPTURE(pattern);
        CAPTURE(name);
        CHECK(text::matches(pattern, name) == fits);
    }
}

TEST_CASE("text: did you mean") {
    constexpr std::array<std::string_view, 4> known = {"migration.authentication", "migration.enabled", "high", "low"};
    const std::pair<const char*, const char*> rows[] = {
        {"migration.autentication", "migration.authentication"},
        {"Migration.Enabled", "migration.enabled"},
        {"hgih", "high"},
        {"lwo", "low"},
        {"medium", ""},
        {"x", ""},
    };
    for (const auto& [wrong, meant] : rows) {
        CAPTURE(wrong);
        CHECK(text::did_you_mean(wrong, known) == meant);
    }
    CHECK(text::did_you_mean(std::string(65, 'a'), known).empty());
}

TEST_CASE("text: clean UTF-8") {
    for (const char* good : {"", "a\tb\r\n", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x9a\xa2", "\xf4\x8f\xbf\xbf"}) {
        CAPTURE(good);
        CHECK(text::is_clean_utf8(good));
    }
    for (const char* bad :
         {"\x01", "\x7f", "\x1b[31m", "\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
          "\xf4\x90\x80\x80", "\xff", "a\xe2\x82", "\xc3(", "\xf8\x88\x80\x80\x80"}) {
        CAPTURE(bad);
        CHECK(!text::is_clean_utf8(bad));
    }
    CHECK(!text::is_clean_utf8(std::string_view("a\0b", 3)));
}

TEST_CASE("text: what nobody sees is shown, and what is seen stays") {
    const std::tuple<const char*, const char*, const char*> rows[] = {
        {"HV\u200b01", "HV\\u{200b}01", "HV\\u200b01"},  // zero width space
        {"\u200d\u2060", "\\u{200d}\\u{2060}", "\\u200d\\u2060"},
        {"\u00ad", "\\u{ad}", "\\u00ad"},     // soft hyphen
        {"a\u00a0", "a\\u{a0}", "a\\u00a0"},  // no-break space
        {"\u3000", "\\u{3000}", "\\u3000"},   // ideographic space
        {"\u034f", "\\u{34f}", "\\u034f"},    // combining grapheme joiner
        {"\u180e", "\\u{180e}", "\\u180e"},
        {"\u202e\u2066", "\\u{202e}\\u{2066}", "\\u202e\\u2066"},  // directions
        {"\u2800", "\\u{2800}", "\\u2800"},                        // a pattern of no dots
        {"\u3164\uffa0", "\\u{3164}\\u{ffa0}", "\\u3164\\uffa0"},  // fillers
        {"\ufe0f", "\\u{fe0f}", "\\ufe0f"},                        // variation selectors
        {"\U000e0100", "\\u{e0100}", "\\udb40\\udd00"},
        {"\U000e0041", "\\u{e0041}", "\\udb40\\udc41"},  // a tag
        {"\U0001d173", "\\u{1d173}", "\\ud834\\udd73"},
        {"\ufeff", "\\u{feff}", "\\ufeff"},
        {"\u0085", "\\u{85}", "\\u0085"},
        {"\x7f", "\\x7f", "\\u007f"},
        {"Ä\u20ac\u05d0\u0438\u00a1\u200a\u2010", "Ä\u20ac\u05d0\u0438\u00a1\\u{200a}\u2010",
         "Ä\u20ac\u05d0\u0438\u00a1\\u200a\u2010"},
        {"\U0001f6a2\U000e1000", "\U0001f6a2\U000e1000", "\U0001f6a2\U000e1000"},
    };
    for (const auto& [outside, terminal, json] : rows) {
        CAPTURE(terminal);
        CHECK(text::printable(outside) == terminal);
        CHECK(text::printable_json(outside) == json);
        CHECK(print_json(Json(outside), -1) == "\"" + std::string(json) + "\"");
        CHECK(parse_json(print_json(Json(outside)))->get<std::string>() == outside);
    }
}

// Eight bytes are looked at at once: every byte at every place must count as it does alone.
TEST_CASE("a byte counts wherever it stands") {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const bool alone = text::is_clean_utf8(std::string_view(&c, 1));
        for (std::size_t at = 0; at < 24; ++at) {
            std::string text(24, 'x');
            text[at] = c;
            CAPTURE(byte);
            CAPTURE(at);
            CHECK(text::is_clean_utf8(text) == alone);
        }
    }
}

}  // namespace fairway::text_test
