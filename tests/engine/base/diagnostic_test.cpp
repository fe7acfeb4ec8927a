// How is a mistake in a document shown: its line, a mark below it, a hint?
#include "engine/base/diagnostic.hpp"

#include <doctest/doctest.h>

namespace fairway::diagnostic_test {

TEST_CASE("the mark stands below what is wrong, also behind wide characters") {
    const std::string source = "東京é: x";
    const Diagnostic wrong{.file = "f", .place = {1, 11}, .width = 1, .text = "odd", .hint = {}};
    CHECK(show(wrong, source) == "f:1:11: error: odd\n    1 | 東京é: x\n      |        ^\n");
}

TEST_CASE("a long line and long words are cut between characters") {
    const Diagnostic wrong{.file = "f",
                           .place = {1, 1},
                           .width = 1,
                           .text = std::string(199, 'a') + std::string(300, 'b') + "東" + std::string(199, 'c'),
                           .hint = {}};
    for (std::size_t before = 115; before < 121; ++before) {
        const std::string said = show(wrong, std::string(before, 'x') + "東東東");
        CAPTURE(said);
        CHECK(said.find("\\x") == std::string::npos);
    }
}

}  // namespace fairway::diagnostic_test
