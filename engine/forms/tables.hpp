// Tables of a report, whatever form it takes: a ticket and a page take the same rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairway::forms {

class Tables {
public:
    using Row = std::vector<std::string>;
    using Rows = std::vector<Row>;

    virtual ~Tables() = default;
    // `title` and `heads` are ours; cells are as they came, and whoever takes them makes them safe. No table without
    // rows.
    virtual void table(std::string_view title, Row heads, Rows rows) = 0;
};

// What comes from outside, in a sentence of ours: made safe for the form that the sentence is for.
using Safe = std::string (*)(std::string_view text);

}  // namespace fairway::forms
