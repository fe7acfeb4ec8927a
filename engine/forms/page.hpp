// One page of HTML that is whole in itself: no request goes anywhere. It knows how a page is built and kept safe, and
// not what is written on it. All `html` that it takes went through markup.hpp where it came from outside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/forms/tables.hpp"

namespace fairway::forms {

// The inside of a section.
class Part : public Tables {
public:
    Part& operator<<(std::string_view html) {
        html_ += html;
        return *this;
    }
    void table(std::string_view title, Row heads, Rows rows) override;  // cells are escaped here
    // The same, of cells that are HTML; `kind`: its class in page.css.
    void html_table(std::string_view title, std::string_view kind, const Row& heads, const Rows& rows);
    bool empty() const { return html_.empty(); }
    const std::string& html() const { return html_; }

private:
    std::string html_;
};

// A box of the strip below the first sentence.
struct Tile {
    struct Row {
        std::string label, value;  // HTML
        double share = -1;         // of its bar, 0 to 1; below 0: it has none
    };
    std::string title, big, small;  // the title is a text, the others HTML
    std::vector<Row> rows;
    std::string below = {};
};

class Page {
public:
    // `kind`: "Change plan"; `title`: what it is of, from outside.
    Page(std::string_view kind, std::string_view title) : kind_(kind), title_(title) {}
    void fact(std::string_view key, std::string html);  // in the head line
    void state(std::string_view words);                 // at its end: "Not applied"
    void say(std::string_view html);                    // first of all
    void tile(const Tile& tile);
    // None where there is nothing in it. `count`: beside it in the list of sections; may be empty.
    void section(std::string_view id, std::string_view title, std::string_view note, std::string_view count,
                 const Part& inside);
    void footer(Part facts) { footer_ = std::move(facts); }
    // `data`: what the script draws; null: there is nothing to draw, and the script only folds and copies.
    std::string print(const Json& data) const;

private:
    std::string kind_, title_, facts_, state_, lead_, tiles_, nav_, sections_;
    std::size_t tile_count_ = 0;
    Part footer_;
};

}  // namespace fairway::forms
