// A journal's file in a folder of its own, gone at the end of the test; and hands that do not belong there.
#pragma once

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sqlite3.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "engine/journal/journal.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::journal_test {

constexpr std::int64_t noon = 1'795'348'800;  // 2026-11-22T12:00:00Z

struct JournalFolder {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("fairway-journal-" + std::to_string(::getpid()));
    std::string file = (folder / "journal.db").string();
    JournalFolder() {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    ~JournalFolder() { std::filesystem::remove_all(folder); }
};

// Runs each statement over a connection of its own.
inline void tamper(const std::string& file, const std::vector<std::string>& statements) {
    for (const std::string& sql : statements) {
        sqlite3* db = nullptr;
        REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
        REQUIRE_MESSAGE(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
        sqlite3_close(db);
    }
}

inline std::string bytes_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void put_bytes(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// Every file of a folder with its content.
inline std::map<std::string, std::string> all_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        out[entry.path().filename().string()] = bytes_of(entry.path().string());
    return out;
}

inline void put_all(const std::filesystem::path& folder, const std::map<std::string, std::string>& files) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove(entry.path());
    for (const auto& [name, bytes] : files) put_bytes((folder / name).string(), bytes);
}

inline Plan plan_of_two() {
    return sample::plan_with({{{"HV01", &setting::migration_enabled}, false, true, {"on"}, {}},
                              {{"HV02", &setting::migration_enabled}, false, true, {"on"}, {}}});
}

inline const std::string no_guards = "DROP TRIGGER entry_is_never_changed; DROP TRIGGER entry_is_never_removed;";
inline const std::string guards =
    "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry\n"
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
    "CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry\n"
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;";

// Somebody else's hand, who leaves the triggers as they were.
inline std::string edited(const std::string& sql) { return no_guards + sql + ";" + guards; }

inline std::array<std::size_t, 1> change(std::size_t number) { return {number}; }

// Two runs: nine entries.
inline void write_two_runs(const std::string& file) {
    Journal journal = *Journal::open_to_append(file);
    for (const std::string who : {"ann", "bob"}) {
        const std::string run = *journal.begin(plan_of_two(), {.who = who, .host = "desk", .rolls_back = {}}, noon);
        REQUIRE(journal.intend(run, change(0), noon));
        REQUIRE(journal.record(run, std::array{StepOutcome{0, Outcome::done}}, noon));
        REQUIRE(journal.intend(run, change(1), noon));
        if (who == "ann") REQUIRE(journal.end(run, "stopped", "", noon));
    }
}

}  // namespace fairway::journal_test
