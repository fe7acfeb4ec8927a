// Are texts coloured, padded and cut as the terminal wants it?
#include "engine/report/style.hpp"

#include <doctest/doctest.h>

#include "engine/base/characters.hpp"

namespace fairway::style_test {

using report::Style;

TEST_CASE("a table's columns line up, whatever its cells are written in") {
    const std::vector<std::vector<std::string>> rows = {{"東京", "a → b", "x"}, {"HV01", "a", "x"}};
    CHECK(Style{}.table(rows, "  ") == "  東京  a → b  x\n  HV01  a      x\n");
    // In ASCII they are as wide as they get there.
    const Style ascii{.ascii = true};
    CHECK(text::ascii(ascii.table({{"Zü", "x"}, {"HV01", "y"}}, "")) == "Z\\u{fc}  x\nHV01     y\n");
    CHECK(ascii.width("a → b") == 6);
    CHECK(ascii.pad("→", 3) == "→ ");
}

TEST_CASE("nothing is cut where the text goes to no terminal") {
    const std::string line(500, 'x');
    CHECK(Style{}.cut(line, 80) == line);
    const Style terminal{.columns = 80}, ascii{.ascii = true, .columns = 80};
    CHECK(terminal.width(terminal.cut(line, 80)) == 80);
    CHECK(terminal.cut(line, 80).ends_with("x…"));
    CHECK(ascii.cut(line, 80) == std::string(77, 'x') + "...");
}

}  // namespace fairway::style_test
