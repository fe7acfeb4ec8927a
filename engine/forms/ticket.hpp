// A text for a change ticket: Markdown that a person also reads as it is, and that no ticket system takes for more than
// text. It knows what may stand in a ticket, and not what is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/forms/tables.hpp"

namespace fairway::forms {

// Ticket systems refuse longer texts, or cut them.
inline constexpr std::size_t ticket_limit = 30'000;  // bytes, so no more characters

// What comes from outside, in the middle of a line: text in CommonMark, in the dialects of GitHub and GitLab, and in
// the markup of Jira. Control characters and marks of the writing direction are written out. Those systems make links
// and mentions of plain text as well, whatever was escaped: so `@` is [at], `://` is [:]//, `www.` is www[.], and what
// would name an issue (#12, !12) is written out. Of a text that is too long the beginning, and how long it is.
std::string plain(std::string_view text);

class Ticket : public Tables {
public:
    // `title` and `heads` are ours; so is a sentence, but for what went through plain().
    explicit Ticket(std::string_view title) : title_(title) {}
    void say(std::string sentence);                                     // a paragraph of the summary
    void table(std::string_view title, Row heads, Rows rows) override;  // cells are made plain here

    // At most ticket_limit. What does not fit is left out by rows, from the end of a table, and that is said; `whole`:
    // the command that shows everything.
    std::string print(std::string_view whole) const;

private:
    struct Table {
        std::string head;
        std::vector<std::string> rows;
        std::size_t bytes() const;
    };
    std::vector<std::size_t> shares(std::size_t room) const;

    std::string title_, summary_;
    std::vector<Table> tables_;
};

}  // namespace fairway::forms
