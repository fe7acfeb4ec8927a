// The journal's file: made, opened, migrated, appended to, each so that a crash in between leaves a journal that the
// next command believes. What it holds was read once, when it was opened (chain.hpp).
#pragma once

#include <string>
#include <vector>

#include "engine/journal/chain.hpp"

namespace fairway {

class JournalFile {
public:
    // The paths of what belongs to a journal and lies beside it, whether it is there now or not.
    static std::vector<std::string> beside(const std::string& path);
    // Code::not_found: there never was one. Code::storage: it is missing.
    static Result<void> must_exist(const std::string& path);
    // Makes no file, changes none, takes no lock.
    static Result<JournalFile> open_to_read(const std::string& path);
    // Makes it where there never was one; brings an older format up to date, and keeps a copy of the old file. The
    // caller holds the store's lock. ":memory:": one that ends with the program.
    static Result<JournalFile> open_to_append(const std::string& path);
    // Takes `end` as the journal's head, if it is whole and ends there; at least 12 digits of the hash. The caller
    // holds the store's lock.
    static Result<void> accept(const std::string& path, const JournalHead& end);

    const std::vector<JournalEntry>& entries() const { return chain_.entries; }
    JournalHead head() const { return chain_.head(); }
    // When it returns, the entries are on the disk, and the head as well. A crash leaves all of them or none.
    Result<void> append(std::vector<JournalEntry> entries);

private:
    JournalFile(sqlite::Connection database, Chain chain) : database_(std::move(database)), chain_(std::move(chain)) {}
    static Result<JournalFile> open(const std::string& path, sqlite::Connection::Mode mode);
    Result<void> insert(const JournalEntry& entry, const std::string& previous);
    static Result<void> make(const std::string& path, const std::vector<JournalEntry>& entries);
    Result<void> migrate(const std::string& path);
    bool in_memory() const { return database_.path() == ":memory:"; }

    sqlite::Connection database_;
    Chain chain_;
};

}  // namespace fairway
