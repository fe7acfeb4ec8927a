// See ticket.hpp.
#include "engine/forms/ticket.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "engine/base/text.hpp"

namespace fairway::forms {
namespace {

constexpr std::size_t longest_text = 240;  // characters
constexpr std::size_t room_for_remarks = 400;

// At most so many characters of well-formed UTF-8, and how many there are where some are left out.
std::string beginning_of(const std::string& text) {
    std::size_t characters = 0, end = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;  // inside of one
        if (characters++ == longest_text) end = i;
    }
    if (characters <= longest_text) return text;
    return fmt::format("{}… ({} characters)", text.substr(0, end), characters);
}

bool is_word(char c) { return text::is_alnum(c) || c == '_' || (static_cast<unsigned char>(c) & 0x80) != 0; }

// Whether the mark there names an issue, a milestone, a label or the like in one of those systems.
bool names_something(std::string_view text, std::size_t at) {
    const char mark = text[at];
    if (at + 1 == text.size() || !is_word(text[at + 1])) return false;
    if (mark == '#' || mark == '!') return true;  // also behind the name of a project
    const bool begins = at == 0 || !is_word(text[at - 1]);
    return begins && std::string_view("~%$&^").find(mark) != std::string_view::npos;
}

std::string line_of(const Ticket::Row& cells) {
    std::string out = "|";
    for (const std::string& cell : cells) out += " " + cell + " |";
    return out + "\n";
}

}  // namespace

std::string plain(std::string_view raw) {
    constexpr std::string_view markup = "\\`*_{}[]<>!|~#&$^";
    const std::string text = beginning_of(text::printable(raw));
    const std::string_view all = text;
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const char c = all[i];
        if (c == '@') out += "\\[at\\]";
        else if (all.substr(i).starts_with("://")) out += "\\[:\\]";
        else if (c == '.' && i >= 3 && text::same_folded(all.substr(i - 3, 3), "www")) out += "\\[.\\]";
        else if (names_something(all, i)) out += fmt::format("\\\\u\\{{{:x}\\}}", static_cast<unsigned char>(c));
        else if (markup.find(c) != std::string_view::npos) out += {'\\', c};
        else out += c;
    }
    return out;
}

void Ticket::say(std::string sentence) { summary_ += "\n" + std::move(sentence) + "\n"; }

void Ticket::table(std::string_view title, Row heads, Rows rows) {
    if (rows.empty()) return;
    Table out{fmt::format("\n## {}\n\n{}{}", title, line_of(heads), line_of(Row(heads.size(), "---"))), {}};
    for (Row& row : rows) {
        for (std::string& cell : row) cell = plain(cell);
        out.rows.push_back(line_of(row));
    }
    tables_.push_back(std::move(out));
}

std::size_t Ticket::Table::bytes() const {
    return std::accumulate(rows.begin(), rows.end(), std::size_t{},
                           [](std::size_t sum, const std::string& row) { return sum + row.size(); });
}

// How much each table gets: the small ones all they need, and the others as much as each other.
std::vector<std::size_t> Ticket::shares(std::size_t room) const {
    std::vector<std::size_t> by_size(tables_.size()), out(tables_.size());
    std::iota(by_size.begin(), by_size.end(), std::size_t{});
    std::stable_sort(by_size.begin(), by_size.end(),
                     [&](std::size_t a, std::size_t b) { return tables_[a].bytes() < tables_[b].bytes(); });
    std::size_t left = tables_.size();
    for (const std::size_t i : by_size) {
        out[i] = std::min(tables_[i].bytes(), room / left--);
        room -= out[i];
    }
    return out;
}

std::string Ticket::print(std::string_view whole) const {
    std::string head = fmt::format("# {}\n{}", title_, summary_);
    std::size_t fixed = head.size() + room_for_remarks;
    for (const Table& table : tables_) fixed += table.head.size() + room_for_remarks / 4;
    const std::vector<std::size_t> room = shares(fixed < ticket_limit ? ticket_limit - fixed : 0);
    std::string body;
    std::size_t shown = 0, all = 0;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        const std::vector<std::string>& rows = tables_[i].rows;
        std::size_t n = 0, used = 0;
        body += tables_[i].head;
        for (; n < rows.size() && used + rows[n].size() <= room[i]; ++n) {
            body += rows[n];
            used += rows[n].size();
        }
        if (n < rows.size()) body += fmt::format("\n{} of {} rows are left out here.\n", rows.size() - n, rows.size());
        shown += n;
        all += rows.size();
    }
    if (shown < all)
        head += fmt::format("\n{} of {} rows are left out below, because a ticket takes {} characters.", all - shown,
                            all, ticket_limit);
    return head + fmt::format("\nThe whole: {}\n", whole) + body;
}

}  // namespace fairway::forms
