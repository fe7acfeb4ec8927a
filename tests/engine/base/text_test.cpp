#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/base/text.hpp"

namespace fairway {

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

TEST_CASE("text: hexadecimal digits") {
    constexpr std::string_view digits = "0123456789abcdef", capitals = "0123456789ABCDEF";
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        const auto at = std::min(digits.find(c), capitals.find(c));
        CAPTURE(byte);
        CHECK(text::hex_digit(c) == (at == std::string_view::npos ? -1 : static_cast<int>(at)));
    }
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

}  // namespace fairway
