// Whose was a change: every fact that must fit, broken one at a time.
#include "engine/plan/blame.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"

namespace fairway::blame_test {

namespace {

const Address trust{"HV01", &setting::delegation_unconstrained}, bit{"HV01", &setting::delegation_protocol_transition},
    list{"HV01", &setting::delegation_services};
const std::vector<Address> all{trust, bit, list};

// A run that wrote `trust` at dc01, and the world as it left it.
struct Case {
    std::vector<Run> runs{1};
    Snapshot snapshot;
    ChangeStamps stamps;
    std::vector<Holder> holders{{{"corp.example", "dc01", "a"}, true}, {{"corp.example", "dc02", "b"}, false}};

    Case() {
        Run& run = runs[0];
        run.id = "2026-11-22-01";
        run.who = "anna";
        run.host = "admin1";
        run.plan.ticket = "CHG1";
        run.plan.phases.push_back(
            {.kind = PhaseKind::directory_removals,
             .changes = {{.address = trust, .before = true, .after = false, .rules = {}, .keeps = {}}},
             .paths = {}});
        run.steps.push_back({.number = 0, .outcome = Outcome::done, .note = {}, .intended = 10'000, .settled = 10'001});
        run.replicas = {holders[0].replica};
        snapshot.readings = {{trust, Held(false)}, {bit, Held(true)}, {list, Held(Set({"cifs/A"}))}};
        const ChangeStamp flags{.version = 5, .time = 10'000, .origin = "a", .usn = 70};
        stamps = {{trust, flags}, {bit, flags}, {list, ChangeStamp{2, 500, "b", 12}}};
    }
    ChangeStamp& flags() { return **stamps.at(trust); }
    std::vector<Blamed> asked() const { return blame(all, snapshot, stamps, holders, runs); }
    Blamed first() {
        stamps.at(bit) = flags();
        return asked()[0];
    }
};

}  // namespace

TEST_CASE("controller, time and value fit: it is ours, and so is its neighbour in the attribute") {
    const std::vector<Blamed> found = Case().asked();
    CHECK(found[0].whose == WhoseChange::ours);
    CHECK(found[0].run == "2026-11-22-01");
    CHECK(found[0].who == "anna@admin1");
    CHECK(found[0].ticket == "CHG1");
    CHECK(found[0].controller == "dc01");
    CHECK(found[1].whose == WhoseChange::ours);
    CHECK(found[1].because.find("delegation.unconstrained") != std::string::npos);
    CHECK(found[2].whose == WhoseChange::somebody_else);
    CHECK(found[2].controller == "dc02");
    CHECK(found[2].run.empty());
}

TEST_CASE("clocks may differ by what Kerberos allows, and no more") {
    for (const auto& [time, whose] : std::vector<std::pair<std::int64_t, WhoseChange>>{
             {10'000 - clocks_differ_s, WhoseChange::ours},
             {10'000 - clocks_differ_s - 1, WhoseChange::somebody_else},
             {10'001 + clocks_differ_s, WhoseChange::ours},
             {10'001 + clocks_differ_s + 1, WhoseChange::somebody_else}}) {
        Case one;
        one.flags().time = time;
        CHECK(one.first().whose == whose);
    }
}

TEST_CASE("another controller, or another value: somebody else's") {
    Case one;
    one.flags().origin = "b";
    CHECK(one.first().whose == WhoseChange::somebody_else);
    CHECK(one.first().controller == "dc02");
    one.flags().origin = "retired";
    CHECK(one.first().controller == "retired");
    one = Case();
    one.snapshot.readings[trust] = Held(true);
    CHECK(one.first().whose == WhoseChange::somebody_else);
    one = Case();
    one.snapshot.readings[trust] = fail(Code::unreachable, "gone");
    CHECK(one.first().whose == WhoseChange::somebody_else);
}

TEST_CASE("a run that went on elsewhere wrote at both, and nowhere else") {
    Case one;
    one.runs[0].replicas.push_back(one.holders[1].replica);
    for (const auto& [origin, whose] :
         std::vector<std::pair<const char*, WhoseChange>>{{"a", WhoseChange::ours},
                                                          {"b", WhoseChange::ours},
                                                          {"c", WhoseChange::somebody_else},
                                                          {"", WhoseChange::somebody_else}}) {
        one.flags().origin = origin;
        CAPTURE(origin);
        CHECK(one.first().whose == whose);
    }
}

TEST_CASE("what became of a write decides") {
    Case one;
    one.runs[0].steps[0].outcome = Outcome::not_done;
    CHECK(one.first().whose == WhoseChange::somebody_else);
    for (const auto outcome :
         {std::optional<Outcome>(), std::optional(Outcome::unanswered), std::optional(Outcome::in_doubt)}) {
        one.runs[0].steps[0].outcome = outcome;
        CHECK(one.first().whose == WhoseChange::unknown);
    }
}

TEST_CASE("the newest run that fits is named, and one that does not fit hides no older one") {
    Case one;
    one.runs.push_back(one.runs[0]);
    one.runs[1].id = "2026-11-22-02";
    CHECK(one.first().run == "2026-11-22-02");
    one.runs[1].steps[0].intended = one.runs[1].steps[0].settled = 90'000;
    CHECK(one.first().run == "2026-11-22-01");
}

TEST_CASE("nothing is guessed without a journal or a stamp") {
    Case one;
    const auto found = blame(all, one.snapshot, one.stamps, one.holders, fail(Code::not_found, "no journal"));
    CHECK(found[0].whose == WhoseChange::unknown);
    CHECK(found[0].because == "no journal");
    CHECK(found[0].controller == "dc01");
    one.stamps.at(list) = std::nullopt;
    one.stamps.at(trust) = fail(Code::denied, "hidden");
    CHECK(one.asked()[0].whose == WhoseChange::unknown);
    CHECK(one.asked()[0].because == "hidden");
    CHECK(one.asked()[2].whose == WhoseChange::unknown);
}

}  // namespace fairway::blame_test
