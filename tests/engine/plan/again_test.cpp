// What of a reviewed plan is the same in a fresh one, and what must be looked at again.
#include "engine/plan/again.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::again_test {
namespace {

const Setting& services = setting::delegation_services;

Change of_list(const char* host, Set before, Set after) {
    return {{host, &services}, std::move(before), std::move(after), {"r"}, {}};
}
Change of_number(const char* host, std::int64_t before, std::int64_t after) {
    return {{host, &setting::migration_max_live}, before, after, {"r"}, {}};
}

// What became of the one change, and why.
std::pair<Became, std::string> of(const Change& then, const Change& now) {
    const Plan reviewed = sample::plan_with({then}), fresh = sample::plan_with({now});
    const auto changes = revised(reviewed, fresh);
    REQUIRE(changes.size() == 1);
    REQUIRE(changes[0].then != nullptr);
    REQUIRE(changes[0].now != nullptr);
    return {changes[0].became, changes[0].because};
}

Change graded(Change change, Risk risk, const char* because) {
    change.grade = {risk, because};
    return change;
}

Change resting_on(Change change, const char* sid) {
    change.premises.add(premise("HV02", setting::account_sid, Value(std::string(sid))));
    return change;
}

}  // namespace

TEST_CASE("again: a change is the same if it writes the same, is as dangerous, and rests on the same") {
    const Change list = of_list("HV01", Set({"a"}), Set({"a", "b"})), number = of_number("HV01", 2, 4);
    struct Row {
        Change then, now;
        Became became;
        std::string because;
    };
    const Row rows[] = {
        {of_number("HV01", 2, 4), of_number("HV01", 2, 4), Became::same, ""},
        {of_number("HV01", 2, 4), of_number("HV01", 3, 4), Became::other, "it writes another value"},
        {of_number("HV01", 2, 4), of_number("HV01", 2, 5), Became::other, "it writes another value"},
        {list, list, Became::same, ""},
        {list, of_list("HV01", Set({"a", "x"}), Set({"a", "b", "x"})), Became::same, ""},  // x is another one's
        {list, of_list("HV01", Set({"a"}), Set({"a", "b", "c"})), Became::other, "it writes another value"},
        {list, of_list("HV01", Set({"a"}), Set({"b"})), Became::other, "it writes another value"},
        {graded(number, Risk::medium, "w"), graded(number, Risk::medium, "w"), Became::same, ""},
        {graded(number, Risk::medium, "w"), graded(number, Risk::high, "v"), Became::other,
         "its risk is high, was medium"},
        {graded(number, Risk::high, "w"), graded(number, Risk::high, "v"), Became::other,
         "its risk has another reason: v"},
        {resting_on(list, "S-1-5-21-1"), resting_on(list, "S-1-5-21-1"), Became::same, ""},
        {resting_on(list, "S-1-5-21-1"), resting_on(list, "S-1-5-21-2"), Became::other,
         "it rests on another account.sid of HV02"},
        {list, resting_on(list, "S-1-5-21-2"), Became::other, "it rests on another account.sid of HV02"},
        {resting_on(list, "S-1-5-21-2"), list, Became::other, "it rests on another account.sid of HV02"},
    };
    for (const Row& row : rows) {
        const auto [became, because] = of(row.then, row.now);
        CHECK(became == row.became);
        CHECK(because == row.because);
    }
}

TEST_CASE("again: what is new, what is gone and why, and which hosts need no second review") {
    const Plan reviewed = sample::plan_with({of_number("HV01", 2, 4), of_number("HV02", 2, 4), of_number("HV03", 2, 4),
                                             of_number("HV04", 2, 4), of_number("HV05", 2, 4)});
    Plan fresh = sample::plan_with({of_number("HV01", 2, 4), of_number("HV06", 2, 4)});
    fresh.phases.push_back(
        {.kind = PhaseKind::directory_removals, .changes = {of_list("HV02", Set({"a"}), Set())}, .paths = {}});
    fresh.not_covered = {{"no answer", {"HV03"}}};
    fresh.notes.push_back({.address = {"HV04", &setting::migration_max_live},
                           .verdict = Verdict::excepted,
                           .held = {},
                           .foreign = {},
                           .remedy = {},
                           .rule = "r",
                           .because = "until Monday",
                           .where = {}});
    const auto changes = revised(reviewed, fresh);
    std::vector<std::string> said;
    for (const Revised& one : changes)
        said.push_back(std::string(name(one.became)) + " " + one.address().object +
                       (one.because.empty() ? "" : ": " + one.because));
    CHECK(said ==
          std::vector<std::string>{"same HV01", "new HV06", "new HV02", "gone HV02: nothing is left to do there",
                                   "gone HV03: the host is not covered: no answer", "gone HV04: excepted: until Monday",
                                   "gone HV05: nothing is left to do there"});
    CHECK(unchanged(changes).hosts == std::vector<std::string>{"HV01"});
    CHECK(unchanged(changes).of == 6);
}

TEST_CASE("again: a change that is made in another wave is the same, and says so") {
    Plan reviewed = sample::plan_with({of_number("HV01", 2, 4)}), fresh = reviewed;
    reviewed.phases[0].wave = 1;
    fresh.phases[0].wave = 2;
    CHECK(revised(reviewed, reviewed)[0].other_wave == false);
    const auto changes = revised(reviewed, fresh);
    REQUIRE(changes.size() == 1);
    CHECK(changes[0].became == Became::same);
    CHECK(changes[0].other_wave);
}

TEST_CASE("again: one address in two phases is two changes") {
    Plan reviewed = sample::plan_with({of_list("HV01", Set({"a"}), Set({"a", "b"}))});
    reviewed.phases.push_back({.kind = PhaseKind::directory_removals,
                               .changes = {of_list("HV01", Set({"a", "b"}), Set({"b"}))},
                               .paths = {}});
    Plan fresh = sample::plan_with({});
    fresh.phases.push_back({.kind = PhaseKind::directory_removals,
                            .changes = {of_list("HV01", Set({"a", "b"}), Set({"b"}))},
                            .paths = {}});
    const auto changes = revised(reviewed, fresh);
    REQUIRE(changes.size() == 2);
    CHECK(changes[0].became == Became::same);
    CHECK(changes[0].phase == PhaseKind::directory_removals);
    CHECK(changes[1].became == Became::gone);
    CHECK(changes[1].because == "nothing of it is left to do");
    CHECK(unchanged(changes).hosts.empty());
}

}  // namespace fairway::again_test
