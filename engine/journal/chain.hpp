// Is this journal whole? Every entry is read once and must follow from the one before; what comes out of that reading
// is all that anybody learns of the journal. The chain's end is compared with the head that is kept outside of the
// file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/journal/sqlite.hpp"

namespace fairway {

// The end of a chain: its last number and hash. By default that of an empty one.
struct JournalHead {
    std::int64_t number = 0;
    std::string hash = std::string(64, '0');
};

// "41:3f9a21bc55aa", as refusals and `fairway history` show it.
std::string in_words(const JournalHead& head);

struct JournalEntry {
    std::int64_t number = 0;
    std::string run, kind;
    std::int64_t at = 0;
    std::string body, hash;
};

std::string hash_of(const std::string& previous, const JournalEntry& entry);

struct Chain {
    std::int64_t format = 0;
    std::vector<JournalEntry> entries;
    JournalHead head() const {
        return entries.empty() ? JournalHead() : JournalHead{entries.back().number, entries.back().hash};
    }
};

constexpr std::int64_t journal_format = 2;
// Makes the tables of an empty journal.
Result<void> make_tables(sqlite::Connection& database);

// Code::storage: damaged, changed, or written by a newer Fairway.
Result<Chain> read_chain(sqlite::Connection& database);

// FILE.head. Nothing: there is none. Code::storage: it cannot be read, or says nothing that makes sense.
std::string head_file(const std::string& journal);
Result<std::optional<JournalHead>> read_head(const std::string& journal);
Result<void> write_head(const std::string& journal, const JournalHead& head);

// The chain may go on after its head (a crash came between the two); else Code::storage, with what a person can do.
Result<void> compare(const Chain& chain, const Result<std::optional<JournalHead>>& kept, const std::string& journal);

// What to do with a journal that is not whole; begins with ". ".
std::string way_out(const std::string& journal);

}  // namespace fairway
