// Small migration domains are drawn, large ones summed up, and a grid of question marks is one line.
#include "engine/report/matrix.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace fairway::matrix_test {

namespace {

// A domain of so many hosts; `closed` paths of its first host to others are closed.
struct Grid {
    std::vector<Matrix> matrices;
    std::vector<DomainPaths> domains;

    void add(const std::string& domain, std::size_t hosts, char letter, std::size_t closed = 0) {
        Matrix matrix{.hosts = {}, .domain = domain, .letters = std::string(hosts * hosts, letter)};
        for (std::size_t i = 0; i < hosts; ++i) {
            matrix.hosts.push_back(fmt::format("{}-{}", domain, i + 1));
            matrix.letters[i * hosts + i] = '-';
        }
        for (std::size_t i = 1; i <= closed; ++i) matrix.letters[i] = 'a';
        DomainPaths one;
        one.domain = domain;
        one.hosts = hosts;
        one.paths = count({matrix});
        if (closed > 0) {
            one.closed = {{matrix.hosts[0], static_cast<std::int64_t>(closed), 0}, {matrix.hosts[1], 0, 1}};
            one.condition = "delegation";
            one.by_condition = static_cast<std::int64_t>(closed);
        }
        matrices.push_back(std::move(matrix));
        domains.push_back(std::move(one));
    }

    std::string text(std::size_t columns = 0, bool paths = false) const {
        report::Style style;
        style.columns = columns;
        report::Detail detail;
        detail.paths = paths;
        return report::paths_text(matrices, domains, style, detail);
    }
};

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

std::size_t widest(const std::string& text) {
    std::size_t out = 0;
    for (const std::string_view line : text::split(text, '\n')) out = std::max(out, report::Style().width(line));
    return out;
}

}  // namespace

TEST_CASE("a small domain is drawn") {
    Grid grid;
    grid.add("west", 3, '.', 1);
    CHECK(grid.text() ==
          "Paths  5 of 6 open\n"
          "  west  from ↓ to →\n"
          "            01 02 03\n"
          "  01 west-1  ·  ✗  ■\n"
          "  02 west-2  ■  ·  ■\n"
          "  03 west-3  ■  ■  ·\n");
}

TEST_CASE("a grid of nothing but question marks is one line, and many of them too") {
    Grid grid;
    grid.add("west", 8, 'A');
    CHECK(grid.text() == "Paths  0 of 56 open, 56 unknown\n  west: nothing is known of 56 paths\n");
    grid.add("core", 2, 'A');
    CHECK(grid.text() ==
          "Paths  0 of 58 open, 58 unknown\n  2 migration domains (west, core): nothing is known of 58 paths\n");
    CHECK(grid.text(80, true) == grid.text(80));
}

TEST_CASE("sixteen hosts are drawn, seventeen summed up, with --paths drawn as well") {
    Grid grid;
    grid.add("a", 16, '.', 2);
    CHECK(says(grid.text(), "16 a-16"));
    grid.add("b", 17, '.', 3);
    CHECK(says(grid.text(), "  16 a-16"));
    CHECK(says(grid.text(),
               "  b  269 of 272 open    closed most at b-1 (3 out, 0 in); `delegation` closes 3 of 3\n"
               "  --paths draws each migration domain\n"));
    CHECK_FALSE(says(grid.text(), "17 b-17"));
    CHECK(says(grid.text(0, true), "17 b-17"));
    CHECK_FALSE(says(grid.text(0, true), "--paths"));
}

TEST_CASE("many domains: the worst have a line each, those that are alike one together") {
    Grid grid;
    for (int i = 1; i <= 25; ++i) grid.add(fmt::format("d{:02}", i), 20, '.', static_cast<std::size_t>(i % 19));
    for (int i = 1; i <= 6; ++i) grid.add(fmt::format("good{}", i), 20, '.');
    grid.add("dark", 20, 'A');
    const std::string text = grid.text(120);
    CHECK(says(text, "Paths  11588 of 12160 open, 380 unknown\n  d18  362 of 380 open"));
    CHECK(says(text, "  and 4 more with closed or unknown paths; --full shows all\n"));
    CHECK(says(text, "  7 migration domains (d19, good1, good2, good3, good4 and 2 more): all 2660 paths are open\n"));
    CHECK(says(text, "  dark: nothing is known of 380 paths\n"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 25);
}

TEST_CASE("what is drawn fits the terminal, in blocks; names are cut, numbers have as many digits as they need") {
    Grid grid;
    grid.add(std::string(60, 'x'), 120, '.', 5);
    for (const std::size_t columns : {80, 200}) {
        CAPTURE(columns);
        CHECK(widest(grid.text(columns, true)) <= columns);
        CHECK(says(grid.text(columns, true), " 118 119 120\n"));
    }
}

TEST_CASE("in JSON a path is one letter") {
    Matrix matrix{.hosts = {"A", "B"}, .domain = "d", .letters = "-aB-"};
    CHECK(report::to_json(matrix) == Json({{"migration_domain", "d"}, {"hosts", {"A", "B"}}, {"rows", {"-x", "?-"}}}));
}

}  // namespace fairway::matrix_test
