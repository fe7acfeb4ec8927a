// Is a journal believed only as a whole? Each way in which its files can be damaged, cut or exchanged is refused, to
// read and to append, and nothing is changed; what a crash can leave is believed, and an older format is brought up to
// date.
#include "engine/journal/file.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>

#include "engine/journal/journal.hpp"
#include "tests/engine/journal/folder.hpp"

namespace fairway::file_test {

using namespace fairway::journal_test;

namespace {

// All that a journal tells, as one text; or why it tells nothing.
std::string told(const Result<Journal>& journal) {
    if (!journal) return journal.error().text;
    const auto lines = journal->history();
    if (!lines) return lines.error().text;
    std::string out;
    for (const RunLine& line : *lines) {
        const auto run = journal->load(line.id);
        if (!run) return run.error().text;
        out += fmt::format("{} {} {} {} {}\n", run->id, run->who, run->end, line.done, run->plan.size());
        for (const Step& step : run->steps) out += fmt::format("{} {}\n", step.number, step.outcome.has_value());
    }
    return out + in_words(journal->head());
}

void refuses(const JournalFolder& place, const std::vector<std::string>& words) {
    const auto before = all_of(place.folder);
    for (const auto& open : {Journal::open_to_read, Journal::open_to_append}) {
        const auto journal = open(place.file);
        REQUIRE_FALSE(journal.has_value());
        CHECK(journal.error().code == Code::storage);
        for (const std::string& word : words) {
            CAPTURE(journal.error().text);
            CHECK(journal.error().text.find(word) != std::string::npos);
        }
    }
    auto after = all_of(place.folder);
    for (const auto& [name, bytes] : before)
        if (!name.ends_with("-shm")) CHECK(after.at(name) == bytes);  // an index of a log is made anew
}

struct Fault {
    std::string what;
    std::vector<std::string> statements;
    std::vector<std::string> words;
};

const std::string restore = "Nothing was done. Restore ", accept = "--accept-head ";

const std::vector<Fault> faults = {
    {"an entry was changed",
     {edited("UPDATE entry SET body = replace(body, 'ann', 'eve') WHERE seq = 1")},
     {"the journal's chain is broken at entry 1", restore}},
    {"a kind was changed", {edited("UPDATE entry SET kind = 'outcome' WHERE seq = 5")}, {"broken at entry 5", restore}},
    {"an entry in the middle is gone", {edited("DELETE FROM entry WHERE seq = 3")}, {"broken at entry 3", restore}},
    {"the first entry is gone", {edited("DELETE FROM entry WHERE seq = 1")}, {"broken at entry 1", restore}},
    {"an entry came twice",
     {edited("INSERT INTO entry SELECT 10, run, kind, at, body, previous, hash FROM entry WHERE seq = 9")},
     {"broken at entry 10", restore}},
    {"the last entry is gone",
     {edited("DELETE FROM entry WHERE seq = 9")},
     {"ends with entry 8", "there were 9: entries are missing", restore, accept + "8:"}},
    {"a whole run is gone",
     {edited("DELETE FROM entry WHERE seq > 5")},
     {"ends with entry 5", "entries are missing", restore}},
    {"all entries are gone", {edited("DELETE FROM entry")}, {"ends with entry 0", "there were 9", restore}},
    {"a column became a BLOB",
     {"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ') STRICT', ')') WHERE name = 'entry'",
      edited("UPDATE entry SET body = CAST(body AS BLOB) WHERE seq = 9"),
      "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || ' STRICT' WHERE name = 'entry'"},
     {"broken at entry 9", restore}},
    {"the table is not strict",
     {"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ') STRICT', ')') WHERE name = 'entry'"},
     {"are not as Fairway made them", restore}},
    {"a guard is gone", {"DROP TRIGGER entry_is_never_removed"}, {"are not as Fairway made them", restore}},
    {"entries would be swallowed",
     {"CREATE TRIGGER gone BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END"},
     {"are not as Fairway made them", restore}},
    {"another table", {"CREATE TABLE more (x)"}, {"are not as Fairway made them", restore}},
    {"newer",
     {"UPDATE format SET version = 3"},
     {"the journal has format 3, this Fairway writes format 2", "another --store"}},
    {"two formats", {"INSERT INTO format VALUES (2)"}, {"is no journal of Fairway", "another --store"}},
    {"none of ours", {"DROP TABLE format"}, {"is no journal of Fairway", "another --store"}},
    {"it says that it is older", {"UPDATE format SET version = 1"}, {"are not as Fairway made them", restore}},
};

}  // namespace

TEST_CASE("a journal that was changed is refused, and says what to do") {
    const JournalFolder place;
    write_two_runs(place.file);
    const auto whole = all_of(place.folder);
    for (const Fault& fault : faults) {
        CAPTURE(fault.what);
        put_all(place.folder, whole);
        REQUIRE(Journal::open_to_read(place.file).has_value());
        tamper(place.file, fault.statements);
        refuses(place, fault.words);
    }
}

TEST_CASE("a journal that was cut at any entry is refused") {
    const JournalFolder place;
    write_two_runs(place.file);
    const auto whole = all_of(place.folder);
    for (int left = 0; left < 9; ++left) {
        CAPTURE(left);
        put_all(place.folder, whole);
        tamper(place.file, {edited(fmt::format("DELETE FROM entry WHERE seq > {}", left))});
        refuses(place, {fmt::format("ends with entry {}", left), "entries are missing", restore});
    }
}

TEST_CASE("a head that is missing, foreign, newer or no head is refused; an older one is what a crash leaves") {
    const JournalFolder place;
    write_two_runs(place.file);
    const auto whole = all_of(place.folder);
    const std::string head = whole.at("journal.db.head"), zeros(64, '0');
    struct Row {
        std::string content, words;
    };
    for (const Row& row :
         {Row{"", "does not hold the number and hash"}, Row{"9 \n", "does not hold"}, Row{head + "x", "does not hold"},
          Row{head.substr(0, 40), "does not hold"}, Row{"-1 " + zeros + "\n", "does not hold"},
          Row{std::string(5000, '9'), "does not hold"}, Row{"10 " + zeros + "\n", "entries are missing"},
          Row{"9 " + zeros + "\n", "is not the one that"}, Row{"3 " + zeros + "\n", "is not the one that"}}) {
        CAPTURE(row.content);
        put_all(place.folder, whole);
        put_bytes(place.file + ".head", row.content);
        refuses(place, {row.words, restore, accept + "9:"});
    }
    put_all(place.folder, whole);
    std::filesystem::remove(place.file + ".head");
    refuses(place, {"journal.db.head is missing", restore, accept + "9:"});
    std::filesystem::create_directory(place.file + ".head");
    CHECK(Journal::open_to_read(place.file).error().text.find("does not hold") != std::string::npos);
    std::filesystem::remove(place.file + ".head");

    for (const std::int64_t number : {0, 1, 8}) {
        put_all(place.folder, whole);
        const auto entries = *JournalFile::open_to_read(place.file);
        REQUIRE(write_head(place.file, number == 0
                                           ? JournalHead()
                                           : JournalHead{number, entries.entries()[std::size_t(number) - 1].hash}));
        CHECK(told(Journal::open_to_read(place.file)).ends_with(in_words(entries.head())));
        CHECK(Journal::open_to_append(place.file).has_value());
        CHECK(bytes_of(place.file + ".head") == head);
    }
}

TEST_CASE("an end that is known to be the last one is accepted, and no other") {
    const JournalFolder place;
    write_two_runs(place.file);
    const JournalHead end = JournalFile::open_to_read(place.file)->head();
    std::filesystem::remove(place.file + ".head");
    for (const JournalHead& wrong : {JournalHead{8, end.hash}, JournalHead{9, std::string(12, '0')},
                                     JournalHead{9, end.hash.substr(0, 11)}, JournalHead{9, ""}})
        CHECK(JournalFile::accept(place.file, wrong).error().code == Code::refused);
    CHECK_FALSE(Journal::open_to_read(place.file).has_value());
    CHECK(JournalFile::accept(place.file, {9, end.hash.substr(0, 12)}).has_value());
    CHECK(Journal::open_to_read(place.file).has_value());
    CHECK(Journal::open_to_append(place.file).has_value());
    tamper(place.file, {edited("UPDATE entry SET at = 1 WHERE seq = 4")});
    CHECK(JournalFile::accept(place.file, end).error().text.find("broken at entry 4") != std::string::npos);
}

TEST_CASE("a file that is empty, gone, cut or something else is refused") {
    const JournalFolder place;
    CHECK(Journal::open_to_read(place.file).error().code == Code::not_found);
    write_two_runs(place.file);
    const auto whole = all_of(place.folder);
    const std::string journal = whole.at("journal.db");
    std::filesystem::remove(place.file);
    refuses(place, {"is missing, but", restore});
    CHECK_FALSE(std::filesystem::exists(place.file));
    put_bytes(place.file, "");
    refuses(place, {"is empty (0 bytes)", restore});
    std::filesystem::remove(place.file + ".head");
    refuses(place, {"is empty (0 bytes)", restore});
    for (std::size_t size = 1; size < journal.size(); size += 509) {
        CAPTURE(size);
        put_all(place.folder, whole);
        std::filesystem::resize_file(place.file, size);
        refuses(place, {"journal"});
    }
    put_bytes(place.file, std::string(8192, 'x'));
    refuses(place, {"is no journal of Fairway"});
    std::filesystem::remove(place.file);
    REQUIRE(::mkfifo(place.file.c_str(), 0600) == 0);
    CHECK(Journal::open_to_read(place.file).error().text.find("is no file") != std::string::npos);
    CHECK(Journal::open_to_append(place.file).error().text.find("is no file") != std::string::npos);
}

TEST_CASE("a flipped bit is refused, or says nothing else") {
    const JournalFolder place;
    write_two_runs(place.file);
    const auto whole = all_of(place.folder);
    const std::string truth = told(Journal::open_to_read(place.file));
    constexpr std::size_t page = 4096, header = 16, samples = 250;
    const char* given = std::getenv("FAIRWAY_SEED");
    const auto seed = given ? static_cast<unsigned>(std::atol(given)) : std::random_device{}();
    CAPTURE(seed);
    std::mt19937 dice(seed);
    const std::string& journal = whole.at("journal.db");
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < 100; ++at) places.push_back(at);  // the file's own header
    for (std::size_t at = page; at < journal.size(); at += page)
        for (std::size_t i = 0; i < header; ++i) places.push_back(at + i);
    for (std::size_t i = 0; i < samples; ++i) places.push_back(dice() % journal.size());
    std::size_t refused = 0;
    for (const std::size_t at : places) {
        put_all(place.folder, whole);
        std::string flipped = journal;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << dice() % 8));
        put_bytes(place.file, flipped);
        CAPTURE(at);
        const auto read = Journal::open_to_read(place.file);
        if (read) CHECK(told(read) == truth);
        auto append = Journal::open_to_append(place.file);
        if (append) CHECK(told(append) == truth);
        if (!read) CHECK(read.error().code == Code::storage);
        if (!append) CHECK(append.error().code == Code::storage);
        refused += !append;
        if (append && append->begin(plan_of_two(), {.who = "eve", .host = "desk", .rolls_back = {}}, noon))
            CHECK(told(append) == told(Journal::open_to_read(place.file)));
    }
    CHECK(refused > places.size() / 4);
}

TEST_CASE("what a killed command leaves is believed, and a log that lost its end is not") {
    const JournalFolder place;
    std::string truth;
    std::map<std::string, std::string> killed;
    {
        Journal journal = *Journal::open_to_append(place.file);
        for (int i = 0; i < 3; ++i)
            REQUIRE(journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon));
        killed = all_of(place.folder);
        truth = told(Result<Journal>(std::move(journal)));
    }
    REQUIRE(killed.contains("journal.db-wal"));
    put_all(place.folder, killed);
    CHECK(told(Journal::open_to_read(place.file)) == truth);
    CHECK(all_of(place.folder).size() == killed.size());
    CHECK(told(Journal::open_to_append(place.file)) == truth);
    CHECK(all_of(place.folder).size() == 2);  // at rest: the journal and its head

    auto cut = killed;
    cut.erase("journal.db-wal");
    put_all(place.folder, cut);
    refuses(place, {"entries are missing", restore});
    std::string& log = killed.at("journal.db-wal");
    for (const std::size_t at : {std::size_t{20}, log.size() / 2, log.size() - 100}) {
        cut = killed;
        cut.at("journal.db-wal")[at] ^= 4;
        put_all(place.folder, cut);
        CAPTURE(at);
        CHECK_FALSE(Journal::open_to_read(place.file).has_value());
        CHECK_FALSE(Journal::open_to_append(place.file).has_value());
    }
}

TEST_CASE("a journal's files are for their owner alone, and reading makes none") {
    const JournalFolder place;
    const mode_t before = ::umask(0);
    write_two_runs(place.file);
    ::umask(before);
    const auto mode = [](const std::string& file) {
        struct stat info {};
        REQUIRE(::stat(file.c_str(), &info) == 0);
        return info.st_mode & 0777;
    };
    CHECK(mode(place.file) == 0600);
    CHECK(mode(place.file + ".head") == 0600);
    const auto whole = all_of(place.folder);
    CHECK(whole.size() == 2);
    REQUIRE(::chmod(place.file.c_str(), 0644) == 0);
    CHECK(Journal::open_to_read(place.file).has_value());
    CHECK(all_of(place.folder) == whole);
    CHECK(mode(place.file) == 0644);
    CHECK(Journal::open_to_append(place.file).has_value());
    CHECK(mode(place.file) == 0600);
}

TEST_CASE("kinds that an older program may skip are chained and skipped; others are refused") {
    const JournalFolder place;
    write_two_runs(place.file);
    const std::string truth = told(Journal::open_to_read(place.file));
    const auto append = [&](const std::string& kind) {
        auto file = *JournalFile::open_to_append(place.file);
        REQUIRE(file.append({{.run = "2026-11-22-02", .kind = kind, .at = noon, .body = "not even JSON", .hash = {}}}));
    };
    append("advice?");
    const std::string now = told(Journal::open_to_read(place.file));
    CHECK(now.substr(0, now.rfind('\n')) == truth.substr(0, truth.rfind('\n')));
    CHECK(Journal::open_to_read(place.file)->head().number == 10);
    CHECK(*Journal::open_to_read(place.file)->unfinished("bay") == std::vector<std::string>{"2026-11-22-02"});
    const auto chained = all_of(place.folder);
    tamper(place.file, {edited("UPDATE entry SET kind = 'advice' WHERE seq = 10")});
    refuses(place, {"broken at entry 10"});
    put_all(place.folder, chained);
    append("advice");
    refuses(place, {"entry 11", "(advice)", "written by a newer Fairway"});
}

namespace {

// The same entries as the first Fairway kept them: no head, an index, columns of any type, at rest in WAL mode.
void make_it_old(const JournalFolder& place) {
    const auto file = *JournalFile::open_to_read(place.file);
    std::filesystem::remove(place.file);
    std::filesystem::remove(place.file + ".head");
    auto old = *sqlite::Connection::open(place.file, sqlite::Connection::Mode::create);
    REQUIRE(
        old.execute("PRAGMA journal_mode = WAL; CREATE TABLE format (version INTEGER NOT NULL);"
                    "INSERT INTO format VALUES (1); CREATE TABLE entry (seq INTEGER PRIMARY KEY, run TEXT NOT NULL,"
                    "kind TEXT NOT NULL CHECK (kind IN ('begin', 'intent', 'outcome', 'end')), at INTEGER NOT NULL,"
                    "body TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);"
                    "CREATE INDEX entry_of_run ON entry (run, seq);" +
                    guards));
    std::string previous = JournalHead().hash;
    for (const JournalEntry& entry : file.entries()) {
        REQUIRE(old.query("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                          {entry.number, entry.run, entry.kind, entry.at, entry.body, previous, entry.hash}));
        previous = entry.hash;
    }
    REQUIRE(old.execute("PRAGMA wal_checkpoint(TRUNCATE)"));
}

}  // namespace

TEST_CASE("an older journal is read as it is, and brought up to date before it is written") {
    const JournalFolder place;
    write_two_runs(place.file);
    const std::string truth = told(Journal::open_to_read(place.file));
    const JournalHead end = JournalFile::open_to_read(place.file)->head();
    make_it_old(place);
    std::filesystem::remove(place.file + "-wal");
    std::filesystem::remove(place.file + "-shm");
    const auto old = all_of(place.folder);
    REQUIRE(old.size() == 1);
    CHECK(told(Journal::open_to_read(place.file)) == truth);
    CHECK(all_of(place.folder) == old);

    CHECK(told(Journal::open_to_append(place.file)) == truth);
    const std::string copy = "journal.db.format-1." + end.hash.substr(0, 12);
    CHECK(all_of(place.folder).size() == 3);
    CHECK(told(Journal::open_to_read((place.folder / copy).string())) == truth);
    CHECK(told(Journal::open_to_read(place.file)) == truth);
    CHECK(JournalFile::open_to_append(place.file)
              ->append({{.run = "r", .kind = "end", .at = 0, .body = "{}", .hash = {}}}));
    // The copy in its place is a journal that lost its end.
    std::filesystem::copy_file(place.folder / copy, place.file, std::filesystem::copy_options::overwrite_existing);
    refuses(place, {"ends with entry 9", "there were 10", restore, accept + "9:"});
}

TEST_CASE("an older journal that was changed is refused, and stays as it is") {
    const JournalFolder place;
    const std::vector<Fault> of_old = {
        {"a lost entry", {edited("DELETE FROM entry WHERE seq = 4")}, {"broken at entry 4", restore}},
        {"a BLOB",
         {edited("UPDATE entry SET body = CAST(body AS BLOB) WHERE seq = 9")},
         {"broken at entry 9", restore}},
        {"an index that lost a row",
         {"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = sql || ' WHERE seq <> 2' WHERE name = "
          "'entry_of_run'",
          "REINDEX entry_of_run",
          "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, ' WHERE seq <> 2', '') WHERE name "
          "= "
          "'entry_of_run'"},
         {"is damaged", "missing from index", restore}},
        {"no index", {"DROP INDEX entry_of_run"}, {"are not as Fairway made them", restore}},
        {"a newer kind",
         {"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, '''end''', '''more''') WHERE name "
          "= 'entry'",
          edited("UPDATE entry SET kind = 'more' WHERE seq = 5")},
         {"broken at entry 5", restore}}};
    for (const Fault& fault : of_old) {
        CAPTURE(fault.what);
        put_all(place.folder, {});
        write_two_runs(place.file);
        make_it_old(place);
        tamper(place.file, fault.statements);
        refuses(place, fault.words);
    }
}

}  // namespace fairway::file_test
