// Nothing is cut off, and nothing is wider than the terminal as long as its words are not.
#include "engine/report/layout.hpp"

#include <doctest/doctest.h>

#include "engine/base/text.hpp"

namespace fairway::layout_test {

namespace {

report::Style style(std::size_t columns) {
    report::Style out;
    out.columns = columns;
    return out;
}

std::size_t widest(const std::string& text) {
    std::size_t out = 0;
    for (const std::string_view line : text::split(text, '\n')) out = std::max(out, style(80).width(line));
    return out;
}

}  // namespace

TEST_CASE("words are broken before the edge and hang below their beginning") {
    CHECK(report::wrapped("one two three", style(9), "- ", 2) == "- one two\n  three\n");
    CHECK(report::wrapped("one two three", style(80), "- ", 2) == "- one two three\n");
    CHECK(report::wrapped("unbreakable-word b", style(8), "", 1) == "unbreakable-word\n b\n");
    CHECK(report::wrapped("", style(8), "", 1) == "\n");
    CHECK(report::wrapped("漢字 漢字", style(8), "", 1) == "漢字\n 漢字\n");  // four columns each
    CHECK(report::columns_of({}) == 120);
    CHECK(report::wrapped(std::string(300, 'a') + " b", {}, "- ", 2) == "- " + std::string(300, 'a') + " b\n");
}

TEST_CASE("a table's last column is broken beside the others, below them, or with them") {
    const std::vector<std::vector<std::string>> rows = {
        {"critical", "HV04", "delegation.services", "4 of 28 wanted values are missing and that is that"},
        {"high", "HV123", "x", "short"}};
    CHECK(report::broken_table(rows, style(80), "  ") ==
          "  critical  HV04   delegation.services  4 of 28 wanted values are missing and\n"
          "                                        that is that\n"
          "  high      HV123  x                    short\n");
    CHECK(report::broken_table(rows, style(60), "  ") ==
          "  critical  HV04   delegation.services\n"
          "      4 of 28 wanted values are missing and that is that\n"
          "  high      HV123  x\n      short\n");
    CHECK(report::broken_table(rows, style(30), "  ") ==
          "  critical  HV04\n      delegation.services\n      4 of 28 wanted values\n      are missing and that is\n"
          "      that\n  high  HV123  x\n      short\n");
    for (const std::size_t columns : {30, 40, 60, 80, 120, 200})
        CHECK(widest(report::broken_table(rows, style(columns), "  ")) <= columns);
    CHECK(report::broken_table({{"a", std::string(200, 'x') + " y"}}, {}, "") ==
          "a  " + std::string(200, 'x') + " y\n");
    CHECK(report::broken_table({}, style(80), "  ").empty());
    CHECK(report::broken_table({{"a", ""}, {"b", "c"}}, style(80), "  ") == "  a\n  b  c\n");
}

}  // namespace fairway::layout_test
