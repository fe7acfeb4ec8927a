// See page.hpp.
#include "engine/forms/page.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/markup.hpp"

namespace fairway::forms {

// The files page/page.css and page/page.js, compiled in.
extern const std::string_view page_style, page_script;

namespace {

bool is_number(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), text::is_digit); }

std::string head_cells(const Tables::Row& heads, const Tables::Rows& rows) {
    std::string out;
    for (std::size_t i = 0; i < heads.size(); ++i) {
        const bool numbers =
            std::all_of(rows.begin(), rows.end(), [&](const Tables::Row& row) { return is_number(row[i]); });
        out += heads[i].empty()
                   ? "<td></td>"
                   : fmt::format(R"(<th scope="col"{}>{}</th>)", numbers ? R"( class="r")" : "", escaped(heads[i]));
    }
    return out;
}

// Everything that a page could fetch or run is forbidden; its own script and style are known by their hashes.
std::string policy() {
    return fmt::format(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
        hash_source(page_script), hash_source(page_style));
}

constexpr std::string_view logo =
    R"(<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="M4 20 10 4M20 20 14 4" class="s1"/>)"
    R"(<path d="M12 20v-3M12 13v-3M12 6.500v-2.500" class="s2"/></svg>)";

}  // namespace

void Part::table(std::string_view title, Row heads, Rows rows) {
    for (Row& row : rows)
        for (std::string& cell : row) cell = escaped(cell);
    html_table(title, "plain", heads, rows);
}

void Part::html_table(std::string_view title, std::string_view kind, const Row& heads, const Rows& rows) {
    if (rows.empty()) return;
    html_ +=
        fmt::format(R"(<div class="tbl" tabindex="0" role="group" aria-label="{0}"><table class="{1}"><caption>{0})"
                    R"(</caption><thead><tr>{2}</tr></thead><tbody>)",
                    escaped(title), kind, head_cells(heads, rows));
    for (const Row& row : rows) {
        html_ += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string_view side = is_number(row[i]) ? R"( class="r")" : "";
            html_ += i == 0 && !row[i].empty()
                         ? fmt::format(R"(<th scope="row"{}>{}</th>)", side, row[i])
                         : fmt::format(R"(<td data-s="{}"{}>{}</td>)", escaped(heads[i]), side, row[i]);
        }
        html_ += "</tr>";
    }
    html_ += "</tbody></table></div>\n";
}

void Page::fact(std::string_view key, std::string html) {
    facts_ += fmt::format(R"(<span class="k">{}</span> {} )", escaped(key), html);
}

void Page::state(std::string_view words) { state_ = fmt::format(R"(<p class="state">{}</p>)", escaped(words)); }

void Page::say(std::string_view html) { lead_ += fmt::format("<p class=\"lead\">{}</p>\n", html); }

void Page::tile(const Tile& tile) {
    const std::size_t n = ++tile_count_;
    tiles_ +=
        fmt::format(R"(<section class="tile" aria-labelledby="t{0}"><h2 id="t{0}">{1}</h2><p class="big">{2}{3}</p>)",
                    n, escaped(tile.title), tile.big, tile.small.empty() ? "" : " <small>" + tile.small + "</small>");
    if (!tile.rows.empty()) {
        const bool bars = tile.rows.front().share >= 0;
        tiles_ += fmt::format(R"(<ul class="mini{}">)", bars ? "" : " plain");
        for (const Tile::Row& row : tile.rows)
            tiles_ += fmt::format(R"(<li><span class="bl">{}</span>{}<span class="bn">{}</span></li>)", row.label,
                                  row.share < 0 ? "" : bar(row.share), row.value);
        tiles_ += "</ul>";
    }
    tiles_ += tile.below + "</section>\n";
}

void Page::section(std::string_view id, std::string_view title, std::string_view note, std::string_view count,
                   const Part& inside) {
    if (inside.empty()) return;
    nav_ +=
        fmt::format(R"(<li><a href="#{}">{}<span class="nc">{}</span></a></li>)", id, escaped(title), escaped(count));
    sections_ += fmt::format(R"(<section id="{0}" aria-labelledby="h-{0}"><header class="sh"><h2 id="h-{0}">{1}</h2>)"
                             R"(<p>{2}</p></header>{3}</section>)"
                             "\n",
                             id, escaped(title), escaped(note), inside.html());
}

std::string Page::print(const Json& data) const {
    std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy());
    out +=
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n";
    out += fmt::format("<title>{}{}{} · Fairway</title>\n<style>", escaped(kind_), title_.empty() ? "" : " ",
                       escaped(title_));
    out += page_style;
    out += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header class=\"top\">";
    out += fmt::format(R"(<div class="brand">{}Fairway</div><p class="crumb">{}</p>{}</header>)", logo, facts_, state_);
    out +=
        fmt::format("\n<div class=\"shell\">\n<nav class=\"rail\" aria-label=\"Sections\"><ul>{}</ul></nav>\n", nav_);
    out += "<main id=\"main\" tabindex=\"-1\">\n<section class=\"hero\" aria-labelledby=\"h1\">";
    out += fmt::format("<p class=\"eyebrow\">{}</p><h1 id=\"h1\">{}</h1>\n{}", escaped(kind_),
                       title_.empty() ? escaped(kind_) : name_tag(title_), lead_);
    if (!tiles_.empty()) out += "<div class=\"strip\">\n" + tiles_ + "</div>";
    out += "</section>\n" + sections_;
    out += "<footer><h2>What this page rests on</h2>" + footer_.html() +
           "<p class=\"more\">This page asks the network for nothing.</p></footer>\n</main>\n</div>\n"
           "<p id=\"say\" class=\"vh\" role=\"status\"></p>\n";
    out += "<script type=\"application/json\" id=\"data\">" + script_json(print_json(data, -1)) + "</script>\n<script>";
    out += page_script;
    return out + "</script>\n</body>\n</html>\n";
}

}  // namespace fairway::forms
