// Runs that end by themselves: the journal alone says whether one is open, past its end or over.
#include "engine/run/term.hpp"

#include <array>
#include <doctest/doctest.h>

#include "engine/run/glass_behind.hpp"
#include "tests/engine/journal/folder.hpp"

namespace fairway::term_test {

using namespace fairway::journal_test;

namespace {

constexpr std::int64_t hour = 3600;

// HV01 and HV02 are switched on by a run that ends after an hour.
struct Opened {
    Journal journal = *Journal::open_to_append(":memory:");
    std::string run;

    explicit Opened(bool ends = true) {
        run = begun(plan_of_two(), {}, Term{.until = noon + hour, .reason = "the KDC is broken"});
        for (const std::size_t number : {0, 1}) write(run, number, Outcome::done);
        if (ends) REQUIRE(journal.end(run, "complete", "", noon));
    }
    std::string begun(const Plan& plan, const std::string& rolls_back, std::optional<Term> term) {
        return *journal.begin(plan, {.who = "ann", .host = "desk", .rolls_back = rolls_back, .term = std::move(term)},
                              noon);
    }
    void write(const std::string& of, std::size_t number, Outcome outcome) {
        REQUIRE(journal.intend(of, change(number), noon));
        REQUIRE(journal.record(of, std::array{StepOutcome{number, outcome}}, noon));
    }
    // A run that puts the first `done` of the two back.
    std::string back(std::size_t done) {
        Plan plan = sample::plan_with({{{"HV01", &setting::migration_enabled}, true, false, {run}, {}},
                                       {{"HV02", &setting::migration_enabled}, true, false, {run}, {}}});
        plan.purpose = Purpose::rollback;
        plan.source = run;
        const std::string out = begun(plan, run, {});
        for (std::size_t number = 0; number < done; ++number) write(out, number, Outcome::done);
        return out;
    }
    TermState at(std::int64_t moment) const { return (*termed_runs(journal, moment)).at(0).state; }
};

}  // namespace

TEST_CASE("a term: before its end a run is open, from that second on it is past") {
    const Opened it;
    CHECK(it.at(noon) == TermState::open);
    CHECK(it.at(noon + hour - 1) == TermState::open);
    CHECK(it.at(noon + hour) == TermState::past);
    CHECK(it.at(noon + 365 * 24 * hour) == TermState::past);
}

TEST_CASE("a term: a run that was killed in the middle, and one that wrote nothing yet, end as well") {
    CHECK(Opened(false).at(noon + hour) == TermState::past);
    Opened it;
    it.begun(plan_of_two(), {}, Term{.until = noon + hour, .reason = "again"});
    const auto runs = *termed_runs(it.journal, noon + hour);
    REQUIRE(runs.size() == 2);
    CHECK(runs[1].state == TermState::past);  // nobody has looked what became of it
    REQUIRE(it.journal.end(runs[1].run.id, "interrupted", "", noon));
    CHECK((*termed_runs(it.journal, noon + hour))[1].state == TermState::over);
}

TEST_CASE("a term: a run is over when all of it was put back and the rollback has its end, and not before") {
    Opened half, whole;
    REQUIRE(half.journal.end(half.back(1), "failed", "", noon));
    CHECK(half.at(noon) == TermState::open);
    CHECK(half.at(noon + hour) == TermState::past);
    const std::string back = whole.back(2);
    CHECK(whole.at(noon + hour) == TermState::past);  // the rollback was killed
    REQUIRE(whole.journal.end(back, "complete", "", noon));
    CHECK(whole.at(noon + hour) == TermState::over);
    CHECK(whole.at(noon) == TermState::over);
}

TEST_CASE("a term: a run of which others left nothing to put back is over when that was seen") {
    Opened it;
    REQUIRE(it.journal.expire(it.run, "bob", "box", noon + 2 * hour));
    CHECK(it.at(noon + 2 * hour) == TermState::over);
    CHECK(it.journal.unfinished("bay")->empty());  // it did not begin again
}

TEST_CASE("a term: an extension counts from then on, and the journal keeps who wanted each end, and why") {
    const JournalFolder place;
    std::string run;
    const Term longer{.until = noon + 2 * hour, .reason = "still broken", .who = "bob", .host = "box", .at = noon + 9};
    {
        Journal journal = *Journal::open_to_append(place.file);
        const Term first{.until = noon + hour, .reason = "the KDC is broken"};
        run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}, .term = first}, noon);
        REQUIRE(journal.intend(run, change(0), noon));
        REQUIRE(journal.record(run, std::array{StepOutcome{0, Outcome::done}}, noon));
        REQUIRE(journal.end(run, "stopped", "", noon));
        REQUIRE(journal.extend(run, longer));
    }
    const Journal journal = *Journal::open_to_read(place.file);
    const Run loaded = *journal.load(run);
    CHECK(loaded.terms == std::vector{Term{noon + hour, "the KDC is broken", "ann", "desk", noon}, longer});
    CHECK(loaded.end == "stopped");
    CHECK((*termed_runs(journal, noon + hour))[0].state == TermState::open);
    CHECK((*termed_runs(journal, noon + 2 * hour))[0].state == TermState::past);
    CHECK((*journal.history())[0].until == noon + 2 * hour);
    CHECK((*journal.history())[0].end == "stopped");
}

TEST_CASE("a term: other runs have none") {
    Journal journal = *Journal::open_to_append(":memory:");
    const std::string run = *journal.begin(plan_of_two(), {.who = "ann", .host = "desk", .rolls_back = {}}, noon);
    CHECK(journal.load(run)->terms.empty());
    CHECK(termed_runs(journal, noon)->empty());
    CHECK((*journal.history())[0].until == 0);
}

TEST_CASE(
    "a term: a rollback leaves nothing where what stays is somebody else's and no write of the run is on its way") {
    const Opened it;
    Run run = *it.journal.load(it.run);
    const auto went = [&](std::vector<LeftOut> left_out, std::optional<Verdict> note) {
        Plan plan;
        if (note) {
            plan.notes.emplace_back();
            plan.notes.back().address = {"HV01", &setting::migration_enabled};
            plan.notes.back().verdict = *note;
        }
        WayBack first{.plan = PlanFile(plan), .findings = {}, .left_out = left_out};
        return RolledBack{.first = first, .left_out = left_out};
    };
    const LeftOut unread{{"HV01", &setting::migration_enabled}, {Code::unreachable, "no answer"}, false};
    CHECK(is_done_with(run, went({}, {}), noon + hour));
    CHECK(is_done_with(run, went({}, Verdict::conflict), noon + hour));
    CHECK(is_done_with(run, RolledBack{.already = "it was rolled back"}, noon + hour));
    CHECK_FALSE(is_done_with(run, went({unread}, {}), noon + hour));
    CHECK_FALSE(is_done_with(run, went({}, Verdict::unknown), noon + hour));
    // Others wrote there in the moment of the run's write.
    const LeftOut in_doubt{{"HV01", &setting::migration_enabled}, {Code::refused, "it holds neither"}, true};
    CHECK_FALSE(is_done_with(run, went({in_doubt}, Verdict::conflict), noon + hour));
    CHECK(is_done_with(run, went({in_doubt}, Verdict::conflict), noon + hour + 1));
    CHECK_FALSE(is_done_with(run, went({in_doubt, unread}, Verdict::conflict), noon + hour + 1));
    RolledBack failed = went({}, {});
    failed.left_out = {in_doubt};  // at which the rollback itself failed, so the rest of its object was not tried
    CHECK_FALSE(is_done_with(run, failed, noon + hour + 1));
    RolledBack stopped = went({}, {});
    Applied half;
    half.ending = Ending::stopped;
    stopped.attempts.push_back({PlanFile(Plan()), half});
    CHECK_FALSE(is_done_with(run, stopped, noon + hour));
    stopped.attempts.back().applied->ending = Ending::complete;
    CHECK(is_done_with(run, stopped, noon + hour));
    run.steps.back().outcome = Outcome::unanswered;
    CHECK_FALSE(is_done_with(run, went({}, {}), noon + hour));
    CHECK(is_done_with(run, went({}, {}), noon + hour + 1));
}

TEST_CASE("a term: what ended a break-glass run is not undone, and what opened it again is not gone on with") {
    Opened it;
    const std::string back = it.back(2);
    const auto undoing = [&](const std::string& run) {
        Plan plan = plan_of_two();
        plan.purpose = Purpose::rollback;
        plan.source = run;
        return it.begun(plan, run, {});
    };
    const std::string again = undoing(back), closed = undoing(again);
    const auto load = [&](const std::string& run) { return *it.journal.load(run); };
    CHECK(may_be_undone(load(it.run), it.journal));
    CHECK(may_go_on(load(it.run), it.journal));
    for (const std::string& run : {back, closed}) {
        REQUIRE_FALSE(may_be_undone(load(run), it.journal));
        CHECK(may_be_undone(load(run), it.journal).error().code == Code::refused);
        CHECK(may_be_undone(load(run), it.journal).error().text.find("break-glass --hosts HV01,HV02") !=
              std::string::npos);
        CHECK(may_go_on(load(run), it.journal));
        CHECK_FALSE(is_undoable(run, it.journal));
    }
    CHECK(may_be_undone(load(again), it.journal));  // that ends it
    CHECK_FALSE(may_go_on(load(again), it.journal));
    const std::string other = it.begun(plan_of_two(), {}, {});
    CHECK(is_undoable(other, it.journal));
    CHECK(is_undoable(undoing(other), it.journal));
}

}  // namespace fairway::term_test
