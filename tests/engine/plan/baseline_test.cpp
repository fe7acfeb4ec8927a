// What is a run's to put back, and what became somebody else's since?
#include "engine/plan/baseline.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::baseline_test {

TEST_CASE("a baseline has what was written, and may have been written") {
    const Address on{"HV01", &setting::migration_enabled}, live{"HV01", &setting::migration_max_live},
        storage{"HV01", &setting::migration_max_storage}, services{"HV01", &setting::delegation_services};
    Run run;
    run.id = "2026-11-22-01";
    run.plan = sample::plan_with({{on, false, true, {}, {}},
                                  {live, std::int64_t{1}, std::int64_t{2}, {}, {}},
                                  {storage, std::int64_t{1}, std::int64_t{2}, {}, {}},
                                  {services, Set({"a"}), Set({"a", "b"}), {}, {}},
                                  {services, Set({"a", "b"}), Set({"b"}), {}, {}}});
    run.steps = {{0, Outcome::done, {}},
                 {1, Outcome::not_done, {}},
                 {2, std::nullopt, {}},
                 {3, Outcome::done, {}},
                 {4, Outcome::in_doubt, {}}};
    const Desired back = baseline(run);
    CHECK(back.size() == 3);
    CHECK(back.at(on)[0].operand == Value(false));
    CHECK_FALSE(back.contains(live));
    CHECK(back.at(storage)[0].from == Value(std::int64_t{2}));
    CHECK(back.at(services)[0].operand == Value(Set({"a"})));
    CHECK(back.at(services)[0].from == std::nullopt);

    run.steps.push_back({1, Outcome::done, "resumed"});
    CHECK(baseline(run).contains(live));

    // A write that nobody answered may arrive after the rollback: it stays in the baseline, not in the results.
    run.steps.back().outcome = Outcome::unanswered;
    CHECK(baseline(run).contains(live));
    CHECK_FALSE(results(run).contains(live));
}

TEST_CASE("what a run left is judged by that: another value is no word about the one before") {
    const Address live{"HV01", &setting::migration_max_live};
    Run run;
    run.id = "2026-11-22-01";
    run.plan = sample::plan_with({{live, std::int64_t{1}, std::int64_t{4}, {}, {}}});
    run.steps = {{0, Outcome::done, {}}};
    const auto because = [&](std::int64_t held) {
        Snapshot snapshot;
        sample::set(snapshot, "HV01", setting::migration_max_live, held);
        return judge(results(run), snapshot).at(0).because;
    };
    CHECK(because(4) == "is 4");
    CHECK(because(1) == "is 1, wanted 4");
    CHECK(because(8) == "is 8, wanted 4");
    run.steps[0].outcome = Outcome::in_doubt;
    CHECK(because(4) == "is 4");
    CHECK(because(8) == "is 8; what the run wrote here is in doubt");
}

namespace {

const Address list{"HV01", &setting::delegation_services}, word{"HV01", &setting::migration_performance};

Run run_of(std::string id, std::int64_t entry, std::vector<Change> changes, std::string rolls_back = {}) {
    Run out;
    out.id = std::move(id);
    out.rolls_back = std::move(rolls_back);
    out.plan = sample::plan_with(std::move(changes));
    for (std::size_t i = 0; i < out.plan.size(); ++i)
        out.steps.push_back({.number = i, .outcome = Outcome::done, .note = {}, .entry = entry + std::int64_t(i)});
    return out;
}

Change set_to(Set before, Set after) { return {list, std::move(before), std::move(after), {}, {}}; }
Change word_to(const char* before, const char* after) {
    return {word, std::string(before), std::string(after), {}, {}};
}

// What a rollback of the run makes of the held value.
Finding judged(const Run& run, const std::vector<Run>& later, const Address& address, Value held) {
    Snapshot snapshot;
    snapshot.readings.insert_or_assign(address, Held(std::move(held)));
    Desired wants = baseline(run, later);
    REQUIRE(wants.contains(address));
    std::erase_if(wants, [&](const auto& entry) { return entry.first != address; });
    return judge(wants, snapshot).at(0);
}

}  // namespace

TEST_CASE("a value whose last change is another run's is a conflict, and that run is named") {
    const Run one = run_of("1", 10, {word_to("tcpip", "smb")});
    const std::vector<Run> later = {run_of("2", 20, {word_to("smb", "tcpip")}),
                                    run_of("3", 30, {word_to("tcpip", "smb")})};
    const Finding found = judged(one, later, word, std::string("smb"));
    CHECK(found.verdict == Verdict::conflict);
    CHECK(found.because == "is smb; run 3 changed it later, so it stays");
    // The order is the journal's, not that of the names: the first run may have been continued after the others.
    CHECK(judged(run_of("1", 40, {word_to("tcpip", "smb")}), later, word, std::string("smb")).verdict ==
          Verdict::drifted);
    // A write that was refused is no change.
    std::vector<Run> refused = later;
    for (Run& run : refused) run.steps[0].outcome = Outcome::not_done;
    CHECK(judged(one, refused, word, std::string("smb")).verdict == Verdict::drifted);
    // Another inventory may spell the host otherwise.
    Run elsewhere = run_of("4", 40, {word_to("tcpip", "smb")});
    elsewhere.plan.phases[0].changes[0].address.object = "hv01";
    CHECK(judged(one, {elsewhere}, word, std::string("smb")).because.find("run 4") != std::string::npos);
}

TEST_CASE("what was written to an account is put back only while it is that account") {
    const Address services{"HV01", &setting::delegation_services}, sid{"HV01", &setting::account_sid};
    Run one = run_of("1", 10, {set_to(Set(), Set({"a"}))});
    one.plan.phases[0].changes[0].premises.add(premise("HV01", setting::account_sid, Value(std::string("S-1-5-21-1"))));
    const auto verdict = [&](Reading now) {
        Snapshot snapshot;
        snapshot.readings.insert_or_assign(services, Held(Set({"a"})));
        snapshot.readings.insert_or_assign(sid, std::move(now));
        return judge(baseline(one), snapshot).at(0).verdict;
    };
    CHECK(verdict(Held(std::string("S-1-5-21-1"))) == Verdict::drifted);
    CHECK(verdict(Held(std::string("S-1-5-21-2"))) == Verdict::unknown);
    CHECK(verdict(Held()) == Verdict::unknown);
    CHECK(verdict(fail(Code::unreachable, "no answer")) == Verdict::unknown);
}

TEST_CASE("a later run that was rolled back itself has taken nothing over") {
    const Run one = run_of("1", 10, {word_to("tcpip", "smb"), set_to(Set(), Set({"a", "b"}))});
    const Run other = run_of("2", 20, {word_to("smb", "compression"), set_to(Set({"a", "b"}), Set({"a"}))});
    const Run back = run_of("3", 30, {word_to("compression", "smb"), set_to(Set({"a"}), Set({"a", "b"}))}, "2");
    CHECK(judged(one, {other, back}, word, std::string("smb")).remedy == Value(std::string("tcpip")));
    CHECK(judged(one, {other, back}, list, Set({"a", "b"})).remedy == Value(Set()));
    // Rolled back, applied again, and that rolled back as well: it is as the first rollback left it.
    const Run first = run_of("2", 20, {word_to("smb", "tcpip"), set_to(Set({"a", "b"}), Set())}, "1");
    const Run again = run_of("3", 30, {word_to("tcpip", "smb"), set_to(Set(), Set({"a", "b"}))});
    const Run last = run_of("4", 40, {word_to("smb", "tcpip"), set_to(Set({"a", "b"}), Set())}, "3");
    CHECK(undone(one, std::vector{first, again, last}).by == std::vector<std::string>{"2"});
    CHECK(undone(one, std::vector{first, again, last}).again.empty());
}

TEST_CASE("an element that this run left alone, and that another took and put back") {
    const Run one = run_of("1", 10, {set_to(Set({"x"}), Set({"x", "a"}))});
    const Run other = run_of("2", 20, {set_to(Set({"x", "a"}), Set({"a"}))});
    const Run back = run_of("3", 30, {set_to(Set({"a"}), Set({"x", "a"}))}, "2");
    const Finding found = judged(one, {other, back}, list, Set({"a", "x"}));
    CHECK(found.remedy == Value(Set({"x"})));
    CHECK(found.taken_over.empty());
}

TEST_CASE("elements of a list are told apart, whatever their case") {
    const Run one = run_of("1", 10, {set_to(Set({"x", "old"}), Set({"x", "a", "b"}))});
    const std::vector<Run> later = {run_of("2", 20, {set_to(Set({"x", "b"}), Set({"x", "b", "A"}))})};
    const Finding found = judged(one, later, list, Set({"A", "b", "x", "theirs"}));
    CHECK(found.verdict == Verdict::drifted);
    CHECK(found.remedy == Value(Set({"A", "old", "theirs", "x"})));
    CHECK(found.taken_over == std::vector<TakenOver>{{"2", Set({"a"})}});
    CHECK(found.taken.empty());
    CHECK(found.foreign == Set({"theirs"}));
    CHECK(judged(one, {}, list, Set({"B"})).taken == Set({"x"}));
    CHECK(judged(one, {}, list, Set({"B"})).withdrawn == Set({"a"}));  // as it was before the run
    // A later run that took what this one had found and left is named for it.
    const std::vector<Run> took = {run_of("2", 20, {set_to(Set({"x", "a", "b"}), Set({"a", "b"}))})};
    CHECK(judged(one, took, list, Set({"a", "b"})).taken_over == std::vector<TakenOver>{{"2", Set({"x"})}});
    CHECK(judged(one, took, list, Set({"a", "b", "x"})).taken_over.empty());
}

TEST_CASE("what a rollback put back is wanted no more, and who did it is known") {
    const Run one = run_of("1", 10, {set_to(Set(), Set({"a", "b"})), word_to("tcpip", "smb")});
    const Run part = run_of("2", 20, {set_to(Set({"a", "b"}), Set({"b"})), word_to("smb", "tcpip")}, "1");
    CHECK_FALSE(baseline(one, std::vector{part}).contains(word));
    CHECK(judged(one, {part}, list, Set({"b"})).remedy == Value(Set()));
    CHECK(judged(one, {part}, list, Set({"b"})).taken.empty());
    CHECK_FALSE(undone(one, std::vector{part}).all);
    CHECK(undone(one, std::vector{part}).by == std::vector<std::string>{"2"});
    const Run rest = run_of("3", 30, {set_to(Set({"b"}), Set())}, "1");
    CHECK(undone(one, std::vector{part, rest}).all);
    CHECK(undone(one, std::vector{part, rest}, [](const Address& address, auto) { return address == word; }).by ==
          std::vector<std::string>{"2"});
    // Applied again, it is still known as undone, and what is there is the later run's.
    const Run again = run_of("4", 40, {set_to(Set(), Set({"a", "b"}))});
    const Undone gone = undone(one, std::vector{part, rest, again});
    CHECK(gone.all);
    CHECK(gone.again == std::vector<std::string>{"4"});
    CHECK(undone(one, {}).by.empty());
    CHECK_FALSE(undone(run_of("5", 50, {}), {}).all);
}

TEST_CASE("objects of which something is still to be put back") {
    const std::set<std::string> both = {"HV01", "HV02"};
    const auto on_second = [](Change change) {
        change.address.object = "HV02";
        return change;
    };
    const Run one = run_of("1", 10, {set_to(Set(), Set({"a", "b"})), on_second(word_to("tcpip", "smb"))});
    CHECK(still_changed(one, {}) == both);
    const Run part = run_of("2", 20, {set_to(Set({"a", "b"}), Set({"b"})), on_second(word_to("smb", "tcpip"))}, "1");
    CHECK(still_changed(one, std::vector{part}) == std::set<std::string>{"HV01"});  // a part of the list
    const Run rest = run_of("3", 30, {set_to(Set({"b"}), Set())}, "1");
    CHECK(still_changed(one, std::vector{part, rest}).empty());
    // What belongs to another run is not this one's to put back, until that was undone.
    const Run other = run_of("4", 20, {set_to(Set({"a", "b"}), Set()), on_second(word_to("smb", "tcpip"))});
    const Run undone = run_of("5", 30, {set_to(Set(), Set({"a", "b"})), on_second(word_to("tcpip", "smb"))}, "4");
    CHECK(still_changed(one, std::vector{other}).empty());
    CHECK(still_changed(one, std::vector{other, undone}) == both);
    Run cut_off = one;
    cut_off.steps[0].outcome = Outcome::not_done;
    cut_off.steps[1].outcome = Outcome::unanswered;  // it may arrive
    CHECK(still_changed(cut_off, {}) == std::set<std::string>{"HV02"});
}

TEST_CASE("a write that may still arrive keeps a run from being undone") {
    Run one = run_of("1", 10, {set_to(Set(), Set({"a"})), word_to("tcpip", "smb")});
    one.steps[1].outcome = Outcome::unanswered;
    const Run back = run_of("2", 20, {set_to(Set({"a"}), Set())}, "1");
    CHECK_FALSE(undone(one, std::vector{back}).all);
    one.steps[1].outcome = Outcome::not_done;
    CHECK(undone(one, std::vector{back}).all);
}

TEST_CASE("a write that was made again may arrive once more, whoever put its value back") {
    Run one = run_of("1", 10, {set_to(Set(), Set({"a"})), word_to("tcpip", "smb")});
    for (std::size_t i = 0; i < 2; ++i)
        one.steps.insert(one.steps.begin(), {.number = i, .outcome = Outcome::unanswered, .note = {}, .entry = 5});
    const std::vector<Run> later = {run_of("2", 20, {set_to(Set({"a"}), Set()), word_to("smb", "tcpip")}, "1")};
    CHECK_FALSE(undone(one, later).all);
    CHECK(judged(one, later, word, std::string("smb")).verdict == Verdict::drifted);
    CHECK(judged(one, later, word, std::string("tcpip")).verdict == Verdict::compliant);
    CHECK(judged(one, later, list, Set({"a"})).remedy == Value(Set()));
    const Finding gone = judged(one, later, list, Set());
    CHECK(gone.verdict == Verdict::compliant);
    CHECK(gone.taken.empty());
}

TEST_CASE("a late write of a rollback brings back what the next one had put back on that host") {
    const Change enabled{{"HV01", &setting::migration_enabled}, true, false, {}, {}};
    const Run one = run_of("1", 10, {word_to("tcpip", "smb")});
    std::vector<Run> later = {run_of("2", 20, {enabled}, "1"), run_of("3", 30, {word_to("smb", "tcpip")}, "1")};
    CHECK(undone(one, later).all);
    CHECK_FALSE(baseline(one, later).contains(word));
    later[0].steps[0].outcome = Outcome::unanswered;  // it may still come
    CHECK_FALSE(undone(one, later).all);
    CHECK(judged(one, later, word, std::string("smb")).verdict == Verdict::drifted);
    later[0].steps[0].outcome = Outcome::done;
    later[0].steps[0].answer = 40;  // it came when the third run had begun
    CHECK_FALSE(undone(one, later).all);
    CHECK(judged(one, later, word, std::string("smb")).verdict == Verdict::drifted);
    later[0].steps[0].answer = 21;
    CHECK(undone(one, later).all);
}

TEST_CASE("what a later run may have taken, nobody else has") {
    const Run one = run_of("1", 10, {set_to(Set({"x"}), Set({"x", "a", "b"}))});
    std::vector<Run> later = {run_of("2", 20, {set_to(Set({"x", "a", "b"}), Set({"x"}))}, "1")};
    later[0].steps[0].outcome = Outcome::torn;
    CHECK(judged(one, later, list, Set({"x"})).taken.empty());
    CHECK(judged(one, later, list, Set({"a"})).taken == Set({"x"}));
    later[0].steps[0].outcome = Outcome::not_done;
    CHECK(judged(one, later, list, Set({"x"})).withdrawn == Set({"a", "b"}));
}

TEST_CASE("a rollback's plan names every value that others took") {
    const Run one = run_of(
        "1", 10, {set_to(Set({"a", "b", "c", "d", "e", "f", "g"}), Set({"a", "b", "c", "d", "e", "f", "g", "n"}))});
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", *list.setting, Set({"n"}));
    const Plan back = plan({.purpose = Purpose::rollback, .source = {}, .source_digest = {}, .ticket = {}},
                           judge(baseline(one), snapshot), snapshot, sample::inventory());
    CHECK(back.size() == 1);
    REQUIRE(back.notes.size() == 1);
    CHECK(back.notes[0].verdict == Verdict::conflict);
    CHECK(back.notes[0].because ==
          "others took 7 values since the run, and they are not put back: a, b, c, d, e, f, g");
}

}  // namespace fairway::baseline_test
