// What a journal gives back, and what it refuses.
#include "engine/journal/journal.hpp"

#include <array>
#include <doctest/doctest.h>

#include "tests/engine/journal/folder.hpp"

namespace fairway::journal_test {

using namespace fairway::journal_test;

TEST_CASE("a run comes back as it was told") {
    const JournalFolder place;
    {
        Journal journal = *Journal::open_to_append(place.file);
        const std::string run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
        CHECK(run == "2026-11-22-01");
        CHECK(journal.intend(run, change(0), noon + 1));
        CHECK(journal.record(run, std::array{StepOutcome{0, Outcome::not_done, "no answer"}}, noon + 2));
        CHECK(journal.intend(run, change(0), noon + 3));
        CHECK(journal.record(run, std::array{StepOutcome{0, Outcome::done, ""}}, noon + 4));
        CHECK(journal.intend(run, change(1), noon + 5));
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

TEST_CASE("a run whose entries speak of changes that its plan has not is refused") {
    const JournalFolder place;
    Journal journal = *Journal::open_to_append(place.file);
    const std::string run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    REQUIRE(journal.intend(run, change(1), noon + 1));
    CHECK(journal.load(run).has_value());
    REQUIRE(journal.intend(run, change(2), noon + 2));
    REQUIRE_FALSE(journal.load(run));
    CHECK(journal.load(run).error().code == Code::storage);
    CHECK(journal.load(run).error().text.find("do not fit its plan of 2 changes") != std::string::npos);
}

TEST_CASE("a run carries the replicas of its beginning") {
    const JournalFolder place;
    Journal journal = *Journal::open_to_append(place.file);
    const std::vector<Replica> two{{"corp.example", "dc01", "a"}, {"east.corp.example", "dc07", "b"}};
    const std::string run =
        *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = two}, noon);
    CHECK(journal.load(run)->replicas == two);
    const std::string none = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    CHECK(journal.load(none)->replicas.empty());
}

TEST_CASE("a run keeps what was allowed when it was applied") {
    const JournalFolder place;
    Journal journal = *Journal::open_to_append(place.file);
    const std::vector<Allowance> allowed{{"hosts", "80%", "ann"}, {"risk", "critical", "ann"}};
    const std::string run =
        *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .allowed = allowed}, noon);
    CHECK(journal.load(run)->allowed == allowed);
    const std::string none = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    CHECK(journal.load(none)->allowed.empty());
}

TEST_CASE("replicas to which a run comes later are its own as well, and it stands at the last of each domain") {
    const JournalFolder place;
    const Replica first{"corp.example", "dc01", "a"}, second{"corp.example", "dc02", "b"},
        east{"east.corp.example", "dc07", "c"}, restored{"corp.example", "dc02", "d"};
    Journal journal = *Journal::open_to_append(place.file);
    const std::string run = *journal.begin(
        plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .replicas = {first, east}}, noon);
    CHECK(journal.intend(run, change(0), noon));
    CHECK(last_replicas(*journal.load(run)) == std::vector{first, east});
    CHECK(journal.intend(run, change(0), noon, std::vector{second}));
    CHECK(journal.intend(run, change(1), noon));
    CHECK(journal.load(run)->replicas == std::vector{first, east, second});
    CHECK(last_replicas(*journal.load(run)) == std::vector{second, east});
    CHECK(journal.intend(run, change(1), noon, std::vector{restored}));
    CHECK(last_replicas(*journal.load(run)) == std::vector{restored, east});
    CHECK(journal.intend(run, change(1), noon, std::vector{first}));
    CHECK(last_replicas(*journal.load(run)) == std::vector{first, east});
    CHECK(journal.load(run)->replicas == std::vector{first, east, second, restored, first});
    CHECK(journal.load(run)->steps.size() == 5);
}

TEST_CASE("the day's runs are numbered, and an end is an end until somebody goes on") {
    const JournalFolder place;
    Journal journal = *Journal::open_to_append(place.file);
    const RunHeading heading{.who = "ann", .host = "desk", .rolls_back = {}};
    const std::string first = *journal.begin(plan_of_two(), heading, noon);
    CHECK(journal.end(first, "stopped", "Ctrl-C", noon));
    CHECK(journal.load(first)->end == "stopped");
    CHECK(journal.intend(first, change(0), noon));
    CHECK(journal.load(first)->end.empty());
    CHECK(*journal.begin(plan_of_two(), heading, noon) == "2026-11-22-02");
    CHECK(*journal.begin(plan_of_two(), heading, noon + 86'400) == "2026-11-23-01");
}

TEST_CASE("contacts come back as they were noted, and are no runs") {
    const JournalFolder place;
    {
        Journal journal = *Journal::open_to_append(place.file);
        const Contact probe{.what = Contact::What::probe,
                            .estate = "bay",
                            .host = "HV01",
                            .who = "ann",
                            .machine = "desk",
                            .build = 20348,
                            .holds = 31,
                            .refuted = 1,
                            .untried = 2,
                            .at = noon};
        CHECK(journal.note(probe));
        CHECK(journal.note({.what = Contact::What::rehearsal,
                            .estate = "bay",
                            .host = "HV02",
                            .who = "ann",
                            .machine = "desk",
                            .outcome = "done",
                            .at = noon + 1}));
    }
    Journal journal = *Journal::open_to_read(place.file);
    const auto contacts = *journal.contacts();
    REQUIRE(contacts.size() == 2);
    CHECK(contacts[0].what == Contact::What::probe);
    CHECK(contacts[0].build == 20348);
    CHECK(std::tuple(contacts[0].holds, contacts[0].refuted, contacts[0].untried) == std::tuple(31, 1, 2));
    CHECK(std::tuple(contacts[0].at, contacts[0].who, contacts[0].machine) == std::tuple(noon, "ann", "desk"));
    CHECK_FALSE(contacts[1].build.has_value());
    CHECK(contacts[1].outcome == "done");
    CHECK(journal.history()->empty());
    CHECK(journal.unfinished("bay")->empty());
    CHECK(journal.runs_after(0).empty());
}

TEST_CASE("several intents or outcomes at once are entries of their own, in the order given") {
    const JournalFolder place;
    std::string run;
    {
        Journal journal = *Journal::open_to_append(place.file);
        run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
        REQUIRE(journal.intend(run, std::array<std::size_t, 2>{1, 0}, noon, std::vector{Replica{"d", "dc01", "a"}}));
        REQUIRE(journal.record(run, std::array{StepOutcome{0, Outcome::done}, StepOutcome{1, Outcome::not_done, "no"}},
                               noon));
        REQUIRE(journal.intend(run, {}, noon));
        REQUIRE(journal.intend(run, change(0), noon));  // and what was not sent leaves what was
        REQUIRE(journal.record(run, std::array{StepOutcome{0, Outcome::not_done, "not sent", false}}, noon));
    }
    const Run read = *Journal::open_to_read(place.file)->load(run);
    REQUIRE(read.steps.size() == 2);
    CHECK(read.steps[0].number == 1);
    CHECK(read.steps[0].outcome == Outcome::not_done);
    CHECK(read.steps[0].note == "no");
    CHECK(read.steps[1].outcome == Outcome::done);
    CHECK(read.replicas.size() == 1);
}

}  // namespace fairway::journal_test
