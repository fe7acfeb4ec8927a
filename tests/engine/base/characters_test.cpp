// Which characters are shown, and which are escaped?
#include "engine/base/characters.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace fairway::characters_test {

TEST_CASE("the columns of a text are those that a terminal gives it") {
    CHECK(text::columns("") == 0);
    CHECK(text::columns("HV01") == 4);
    CHECK(text::columns("Zürich") == 6);
    CHECK(text::columns("東京-01") == 7);  // wide characters are two
    CHECK(text::columns("ＨＶ") == 4);     // full-width letters too
    CHECK(text::columns("\U0001f600") == 2);
    CHECK(text::columns("e\u0301") == 1);             // a combining accent is none
    CHECK(text::columns("\u1100\u1161\u11a8") == 2);  // a syllable of Hangul, in its parts
    CHECK(text::columns("✓ → … ■ █ ░") == 11);
    CHECK(text::columns("\033[31mred\033[0m") == 3);
    CHECK(text::columns("a\xff") == 2);  // a byte that is no character is shown as one
}

TEST_CASE("a text is cut between characters, and what it takes is never more than asked for") {
    CHECK(text::cut("HV01", 4) == "HV01");
    CHECK(text::cut("HV0123", 4) == "HV0…");
    CHECK(text::cut("HV0123", 4, "...") == "H...");
    CHECK(text::cut("東京都庁", 6) == "東京…");  // 5 columns: the next would be 7
    CHECK(text::cut("東京", 4) == "東京");
    CHECK(text::cut("e\u0301e\u0301e\u0301", 2) == "e\u0301…");
    CHECK(text::cut("abc", 1) == "…");
    CHECK(text::cut("abc", 0).empty());
    CHECK(text::cut("abc", 2, "...") == "ab");
    CHECK(text::cut("\033[31mabcdef\033[0m", 4) == "\033[31mabc…\033[0m");
    const std::string all = "x東é\U0001f600e\u0301→z";
    for (std::size_t most = 0; most <= text::columns(all); ++most) {
        const std::string part = text::cut(all, most);
        INFO(most, " ", part);
        CHECK(text::columns(part) <= most);
        for (std::string_view rest = part; !rest.empty(); rest.remove_prefix(text::decode(rest).bytes))
            REQUIRE(text::decode(rest).bytes > 0);
    }
}

TEST_CASE("a text is cut by bytes, but not inside a character") {
    CHECK(text::whole("abc", 3) == "abc");
    CHECK(text::whole("abcd", 3) == "abc");
    CHECK(text::whole("ab東", 3) == "ab");
    CHECK(text::whole("ab東", 4) == "ab");
    CHECK(text::whole("ab東", 5) == "ab東");
    CHECK(text::whole("東", 2).empty());
    CHECK(text::whole("\x80\x80\x80\x80\x80\x80", 5) == "\x80\x80");  // no text at all
}

TEST_CASE("where only ASCII is understood, marks have another form and names are told by numbers") {
    CHECK(text::ascii("✓ a → b …") == "+ a -> b ...");
    CHECK(text::ascii("■ ✗ · ↓ █░") == "o x . v #.");
    CHECK(text::ascii("Zürich") == "Z\\u{fc}rich");
    CHECK(text::ascii("HV–01") == "HV\\u{2013}01");  // and never as another host's
    CHECK(text::ascii("\U0001f600") == "\\u{1f600}");
    CHECK(text::ascii("a\xff\n") == "a\\xff\n");
    CHECK(text::ascii("\033[1mHV01\033[0m") == "\033[1mHV01\033[0m");
}

TEST_CASE("every mark in the sources has an ASCII form") {
    namespace fs = std::filesystem;
    std::size_t seen = 0;
    for (const char* folder : {"engine", "providers"})
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(FAIRWAY_SOURCE_DIR) / folder)) {
            if (const auto kind = entry.path().extension(); kind != ".cpp" && kind != ".hpp") continue;
            std::ifstream in(entry.path());
            for (std::string line; std::getline(in, line);) {
                const std::string code = line.substr(0, line.find("//"));
                INFO(entry.path().string(), ": ", code);
                if (text::ascii(code) == code) continue;
                CHECK(text::ascii(code).find("\\u{") == std::string::npos);
                ++seen;
            }
        }
    CHECK(seen > 20);
}

}  // namespace fairway::characters_test
