// What a journal gives back, and what it refuses.
#include "engine/journal/journal.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "engine/base/digest.hpp"
#include "tests/sample.hpp"

using namespace fairway;

namespace {

constexpr std::int64_t noon = 1'795'348'800;  // 2026-11-22T12:00:00Z

// A journal's file in a folder of its own, gone at the end of the test.
struct Place_ {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("fairway-journal-" + std::to_string(::getpid()));
    std::string file = (folder / "journal.db").string();
    Place_() { std::filesystem::create_directories(folder); }
    ~Place_() { std::filesystem::remove_all(folder); }
};

void tamper(const std::string& file, const char* sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
}

Plan plan_of_two() {
    return sample::plan_with({{{"HV01", &setting::migration_enabled}, false, true, {"on"}, {}},
                              {{"HV02", &setting::migration_enabled}, false, true, {"on"}, {}}});
}

}  // namespace

TEST_CASE("a run comes back as it was told") {
    const Place_ place;
    {
        Journal journal = *Journal::open_to_append(place.file);
        const std::string run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
        CHECK(run == "2026-11-22-01");
        CHECK(journal.intend(run, 0, noon + 1));
        CHECK(journal.record(run, 0, Outcome::not_done, "no answer", noon + 2));
        CHECK(journal.intend(run, 0, noon + 3));
        CHECK(journal.record(run, 0, Outcome::done, "", noon + 4));
        CHECK(journal.intend(run, 1, noon + 5));
    }
    Journal journal = *Journal::open_to_read(place.file);
    const Result<Run> run = journal.load("2026-11-22-01");
    REQUIRE(run.has_value());
    CHECK(run->who == "ann");
    CHECK(run->plan.phases == plan_of_two().phases);
    REQUIRE(run->steps.size() == 3);
    CHECK(run->steps[0].outcome == Outcome::not_done);
    CHECK(run->steps[1].outcome == Outcome::done);
    CHECK_FALSE(run->steps[2].outcome.has_value());
    CHECK(run->end.empty());
    CHECK(*journal.unfinished("bay") == std::vector<std::string>{"2026-11-22-01"});
    CHECK(journal.unfinished("elsewhere")->empty());
    CHECK(journal.load("2026-11-22-02").error().code == Code::not_found);
    const auto lines = *journal.history();
    CHECK(lines[0].done == 1);
    CHECK(lines[0].changes == 2);
}

TEST_CASE("a run carries the replicas of its beginning") {
    const Place_ place;
    Journal journal = *Journal::open_to_append(place.file);
    const std::vector<Replica> two{{"corp.example", "dc01", "a"}, {"east.corp.example", "dc07", "b"}};
    const std::string run =
        *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = two}, noon);
    CHECK(journal.load(run)->replicas == two);
    const std::string none = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    CHECK(journal.load(none)->replicas.empty());
}

TEST_CASE("replicas to which a run comes later are its own as well, and it stands at the last of each domain") {
    const Place_ place;
    const Replica first{"corp.example", "dc01", "a"}, second{"corp.example", "dc02", "b"},
        east{"east.corp.example", "dc07", "c"}, restored{"corp.example", "dc02", "d"};
    Journal journal = *Journal::open_to_append(place.file);
    const std::string run = *journal.begin(
        plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = {first, east}}, noon);
    CHECK(journal.intend(run, 0, noon));
    CHECK(last_replicas(*journal.load(run)) == std::vector{first, east});
    CHECK(journal.intend(run, 0, noon, std::vector{second}));
    CHECK(journal.intend(run, 1, noon));
    CHECK(journal.load(run)->replicas == std::vector{first, east, second});
    CHECK(last_replicas(*journal.load(run)) == std::vector{second, east});
    CHECK(journal.intend(run, 1, noon, std::vector{restored}));
    CHECK(last_replicas(*journal.load(run)) == std::vector{restored, east});
    CHECK(journal.intend(run, 1, noon, std::vector{first}));
    CHECK(last_replicas(*journal.load(run)) == std::vector{first, east});
    CHECK(journal.load(run)->replicas == std::vector{first, east, second, restored, first});
    CHECK(journal.load(run)->steps.size() == 5);
}

TEST_CASE("the day's runs are numbered, and an end is an end until somebody goes on") {
    const Place_ place;
    Journal journal = *Journal::open_to_append(place.file);
    const RunHeading heading{.who = "ann", .host = "desk", .rolls_back = {}};
    const std::string first = *journal.begin(plan_of_two(), heading, noon);
    CHECK(journal.end(first, "stopped", "Ctrl-C", noon));
    CHECK(journal.load(first)->end == "stopped");
    CHECK(journal.intend(first, 0, noon));
    CHECK(journal.load(first)->end.empty());
    CHECK(*journal.begin(plan_of_two(), heading, noon) == "2026-11-22-02");
    CHECK(*journal.begin(plan_of_two(), heading, noon + 86'400) == "2026-11-23-01");
}

TEST_CASE("a journal that was changed, or is newer, or is none, is refused") {
    const Place_ place;
    CHECK(Journal::open_to_read(place.file).error().code == Code::not_found);
    {
        Journal journal = *Journal::open_to_append(place.file);
        CHECK(journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon));
    }
    CHECK(Journal::open_to_read(place.file).has_value());
    SUBCASE("an entry was changed") {
        tamper(place.file, "DROP TRIGGER entry_is_never_changed; UPDATE entry SET body = replace(body, 'ann', 'bob')");
        CHECK(Journal::open_to_read(place.file).error().text.find("chain is broken at entry 1") != std::string::npos);
    }
    SUBCASE("an entry was removed") {
        tamper(place.file, "INSERT INTO entry SELECT 3, run, kind, at, body, previous, hash FROM entry");
        CHECK(Journal::open_to_append(place.file).error().text.find("chain is broken") != std::string::npos);
    }
    SUBCASE("newer") {
        tamper(place.file, "UPDATE format SET version = 2");
        CHECK(Journal::open_to_append(place.file).error().text.find("has format 2") != std::string::npos);
    }
    SUBCASE("a replica was added") {
        tamper(place.file,
               "DROP TRIGGER entry_is_never_changed; UPDATE entry SET body = replace(body, '\"replicas\":[]', "
               "'\"replicas\":[{\"domain\":\"d\",\"id\":\"i\",\"server\":\"s\"}]')");
        CHECK(Journal::open_to_read(place.file).error().text.find("chain is broken at entry 1") != std::string::npos);
    }
    SUBCASE("none of ours") {
        tamper(place.file, "DROP TABLE format");
        CHECK(Journal::open_to_append(place.file).error().text.find("no journal of Fairway") != std::string::npos);
    }
}

// As the first Fairway wrote it: no replicas anywhere.
TEST_CASE("an old journal opens, and goes on") {
    const Place_ place;
    std::string run;
    {
        Journal journal = *Journal::open_to_append(place.file);
        run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    }
    std::string body, hash;
    {
        auto db = *sqlite::Connection::open(place.file, sqlite::Connection::Mode::write);
        REQUIRE(db.query("SELECT body FROM entry", {}, [&](const sqlite::Row& row) { body = row.text(0); }));
        const std::string fresh = "\"replicas\":[],";
        const auto at = body.find(fresh);
        REQUIRE(at != std::string::npos);
        body.erase(at, fresh.size());
        hash = sha256(fmt::format("{}\n1\n{}\nbegin\n{}\n{}", std::string(64, '0'), run, noon, body));
        REQUIRE(db.execute("DROP TRIGGER entry_is_never_changed"));
        REQUIRE(db.query("UPDATE entry SET body = ?, hash = ?", {body, hash}));
    }
    Journal journal = *Journal::open_to_append(place.file);
    CHECK(journal.load(run)->replicas.empty());
    const Replica second{"corp.example", "dc02", "b"};
    CHECK(journal.intend(run, 0, noon, std::vector{second}));
    CHECK(journal.load(run)->replicas == std::vector{second});
    CHECK(Journal::open_to_read(place.file)->load(run)->replicas == std::vector{second});
}
