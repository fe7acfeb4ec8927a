// Services for computers that are gone: which of them go, which stay, and what is said where nobody knows.
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/scope.hpp"
#include "tests/sample.hpp"

namespace fairway::vanished_test {
namespace {

using sample::want;

const Setting& services = setting::delegation_services;
const Address list{"HV01", &services}, gone{"HV01", &setting::delegation_vanished};

RuleWant rule(Comparator comparator, Operand operand = Value(Set())) {
    return {&services, comparator, std::move(operand), {9, 7}};
}

Desired desired(std::vector<RuleWant> wants) {
    Policy policy;
    policy.file = "policy.yaml";
    policy.rules = {{.id = "r", .why = "w", .severity = {}, .select = {}, .wants = std::move(wants), .where = {7, 3}}};
    const auto made = desire(policy, sample::inventory(), 0);
    REQUIRE(made.has_value());
    return *made;
}

// HV01 holds these and nothing else; of them these have vanished.
Snapshot world(Set held, Set vanished) {
    Snapshot out = sample::snapshot();
    out.readings.insert_or_assign(list, Held(std::move(held)));
    out.readings.insert_or_assign(gone, Held(std::move(vanished)));
    return out;
}

Finding judged(const std::vector<Want>& wants, const Snapshot& snapshot) {
    return judge({{list, wants}}, snapshot).at(0);
}

Plan planned(const std::vector<Want>& wants, const Snapshot& snapshot) {
    return plan({}, judge({{list, wants}}, snapshot), snapshot, sample::inventory());
}

const Want vanished = want(Comparator::vanished, Set(), "tidy");

}  // namespace

TEST_CASE("vanished: who is gone is asked only where a rule wants it") {
    const auto asks = [](const Desired& wants) {
        std::vector<std::string> out;
        for (const Address& address : scope(wants, sample::inventory()))
            if (address.setting == &setting::delegation_vanished) out.push_back(address.object);
        return out;
    };
    CHECK(asks(desired({rule(Comparator::without, Value(Set({"ldap/*"})))})).empty());
    CHECK(asks(desired({rule(Comparator::vanished)})) == std::vector<std::string>{"HV01", "HV02", "HV03"});
}

TEST_CASE("vanished: what names computers that are gone goes, the rest stays as it is written") {
    const Snapshot snapshot =
        world(Set({"CIFS/Gone", "cifs/HV02", "MSSQLSvc/sql01:1433"}), Set({"CIFS/Gone", "cifs/else"}));
    const Finding finding = judged({vanished}, snapshot);
    CHECK(finding.verdict == Verdict::drifted);
    CHECK(finding.because == "1 for computers that are gone: CIFS/Gone");
    CHECK(finding.remedy == Value(Set({"cifs/HV02", "MSSQLSvc/sql01:1433"})));
    CHECK(finding.foreign == Set({"cifs/HV02", "MSSQLSvc/sql01:1433"}));
    const Plan made = planned({vanished}, snapshot);
    REQUIRE(made.size() == 1);
    CHECK(made.phases[0].kind == PhaseKind::directory_removals);
    CHECK(taken_as_gone(made.phases[0].changes[0]) == Set({"CIFS/Gone"}));
    CHECK(made.phases[0].changes[0].keeps == Set({"cifs/HV02", "MSSQLSvc/sql01:1433"}));
    CHECK(judged({vanished}, world(Set({"cifs/HV02"}), Set())).verdict == Verdict::compliant);
    CHECK(show(services, vanished) == "nothing for computers that are gone");
}

TEST_CASE("vanished: an exception covers it") {
    Want allowed = vanished;
    allowed.exception = "until then by me: x";
    const Snapshot snapshot = world(Set({"cifs/gone"}), Set({"cifs/gone"}));
    CHECK(judged({allowed}, snapshot).verdict == Verdict::excepted);
    CHECK(planned({allowed}, snapshot).size() == 0);
}

TEST_CASE("vanished: unknown is unknown, and nothing is planned of it") {
    Snapshot snapshot = world(Set({"cifs/gone"}), Set());
    for (const Code code : {Code::unreachable, Code::denied}) {
        snapshot.readings.insert_or_assign(gone, fail(code, "only the domain x was searched"));
        const Finding finding = judged({vanished}, snapshot);
        CHECK(finding.verdict == Verdict::unknown);
        CHECK(finding.because ==
              "unknown which of its services are for computers that are gone: only the domain x was searched");
        CHECK(why_unread(finding, snapshot).code == code);
        const Plan nothing = planned({vanished}, snapshot);
        CHECK(nothing.size() == 0);
        REQUIRE(nothing.notes.size() == 1);
        CHECK((*parse_plan(print_plan(nothing)))->notes[0].verdict == Verdict::unknown);
        // What other rules know they want is planned all the same, and takes nothing along.
        const Plan more = planned({want(Comparator::includes, Set({"cifs/new"})), vanished}, snapshot);
        REQUIRE(more.size() == 1);
        CHECK(more.phases[0].changes[0].after == Value(Set({"cifs/gone", "cifs/new"})));
        CHECK(more.phases[0].changes[0].keeps == Set({"cifs/gone"}));
    }
    snapshot.readings.erase(gone);  // an oversight: nobody asked
    CHECK(judged({vanished}, snapshot).verdict == Verdict::unknown);
    snapshot.readings.insert_or_assign(list, fail(Code::denied, "no"));
    CHECK(judged({vanished}, snapshot).because == "no");
}

TEST_CASE("vanished: beside patterns, one change takes both, and only the vanished ones depend on that") {
    const Snapshot snapshot = world(Set({"cifs/gone", "ldap/gone", "ldap/dc1", "http/web", "CIFS/Back"}),
                                    Set({"cifs/gone", "ldap/gone", "CIFS/Back"}));
    const Plan made = planned({want(Comparator::without, Set({"ldap/*"}), "ldap"), vanished}, snapshot);
    REQUIRE(made.size() == 1);
    const Change& change = made.phases[0].changes[0];
    CHECK(change.after == Value(Set({"http/web"})));
    CHECK(taken_as_gone(change) == Set({"cifs/gone", "CIFS/Back"}));  // ldap/gone goes whoever it is for
    CHECK(change.rules == std::vector<std::string>{"ldap", "tidy"});
    CHECK(change.keeps == Set({"http/web"}));
}

TEST_CASE("vanished: beside names of peers, what is missing comes before what has vanished goes") {
    const auto wants = desired(
        {rule(Comparator::includes, ComputedNames{{ServiceClass::cifs}, Of::peers, {}}), rule(Comparator::vanished)});
    const Snapshot snapshot = world(Set({"cifs/HV02", "cifs/gone"}), Set({"cifs/gone"}));
    const Plan made = plan({}, judge({{list, wants.at(list)}}, snapshot), snapshot, sample::inventory());
    REQUIRE(made.phases.size() == 2);
    CHECK(taken_as_gone(made.phases[0].changes[0]).empty());
    CHECK(taken_as_gone(made.phases[1].changes[0]) == Set({"cifs/gone"}));
    CHECK(made.phases[1].changes[0].after ==
          Value(Set({"cifs/HV02", "cifs/hv02.bay.example", "cifs/HV03", "cifs/hv03.bay.example"})));
}

TEST_CASE("vanished: a name that a rule gives to an account is about to be somebody's") {
    const std::string name = "Microsoft Virtual System Migration Service/alias";
    Desired wants = {{list, {vanished}}};
    const Snapshot snapshot = world(Set({name}), Set({name}));
    CHECK(judge(wants, snapshot).at(0).verdict == Verdict::drifted);
    wants[{"HV02", &setting::spn_migration}] = {want(Comparator::includes, Set({text::fold(name)}))};
    CHECK(judge(wants, snapshot).at(0).verdict == Verdict::compliant);
}

TEST_CASE("vanished: what another rule demands stays, and is told") {
    const Want peers = want(Comparator::includes, Set({"cifs/hv09"}), "peers");
    const Finding all = judge({{list, {peers, vanished}}}, world(Set({"CIFS/HV09"}), Set({"CIFS/HV09"}))).at(1);
    CHECK(all.verdict == Verdict::excepted);
    CHECK(all.because == "1 for computers that are gone stay, for another rule demands them: CIFS/HV09");
    const Snapshot both = world(Set({"CIFS/HV09", "cifs/gone"}), Set({"CIFS/HV09", "cifs/gone"}));
    const Finding some = judge({{list, {peers, vanished}}}, both).at(1);
    CHECK(some.verdict == Verdict::drifted);
    CHECK(some.remedy == Value(Set({"CIFS/HV09"})));
    CHECK(some.because.find("; 1 for computers that are gone stay") != std::string::npos);
    CHECK(taken_as_gone(planned({peers, vanished}, both).phases[0].changes[0]) == Set({"cifs/gone"}));
}

TEST_CASE("vanished: a rule that names classes takes these, in whatever case, and leaves the others") {
    const Set all(
        {"cifs/gone", "CIFS/gone.example", "HOST/gone:5985", "Microsoft Virtual System Migration Service/gone"});
    const auto taken = [&](Set classes) {
        const Finding found = judged({want(Comparator::vanished, Value(std::move(classes)), "tidy")}, world(all, all));
        return found.remedy ? subtract(Key::whole, all, *as_set(*found.remedy)) : Set();
    };
    CHECK(taken(Set({"cifs"})) == Set({"cifs/gone", "CIFS/gone.example"}));
    CHECK(taken(Set({"Cifs", "microsoft virtual system migration service"})) ==
          subtract(Key::whole, all, Set({"HOST/gone:5985"})));
    CHECK(taken(Set({"host"})) == Set({"HOST/gone:5985"}));
    CHECK(taken(Set({"cif", "HOST/gone"})).empty());
    CHECK(taken(Set()) == all);
}

TEST_CASE("vanished: what no rule's classes take is told, value by value") {
    const Set all({"cifs/gone", "HOST/gone:5985", "MSSQLSvc/gone"});
    const auto told = [&](std::vector<RuleWant> wants, std::vector<Exception> exceptions = {}) {
        Policy policy;
        policy.rules = {{.id = "r",
                         .why = "w",
                         .severity = {},
                         .select = {Select::By::name, "HV01"},
                         .wants = std::move(wants),
                         .where = {}}};
        policy.exceptions = std::move(exceptions);
        std::string out;
        for (const EstateFinding& one : vanished_of_other_classes(policy, sample::inventory(), world(all, all), 0))
            out += one.object + " " + one.because.substr(0, one.because.find(',')) + "\n";
        return out;
    };
    const std::string both = "HV01 may delegate to `HOST/gone:5985`\nHV01 may delegate to `MSSQLSvc/gone`\n";
    CHECK(told({rule(Comparator::vanished, Value(Set({"cifs"})))}) == both);
    CHECK(told({rule(Comparator::vanished, Value(Set({"CIFS"}))),
                rule(Comparator::vanished, Value(Set({"mssqlsvc"})))}) == "HV01 may delegate to `HOST/gone:5985`\n");
    CHECK(told({rule(Comparator::vanished)}).empty());
    CHECK(told({rule(Comparator::without, Value(Set({"ldap/*"})))}).empty());
    CHECK(told({rule(Comparator::vanished, Value(Set({"cifs"})))}, {{.host = "HV01",
                                                                     .setting = &services,
                                                                     .rule = {},
                                                                     .owner = {},
                                                                     .reason = {},
                                                                     .until = 1,
                                                                     .until_text = {},
                                                                     .where = {}}})
              .empty());
}

}  // namespace fairway::vanished_test
