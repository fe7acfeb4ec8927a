// What is wanted against what is held: the verdict, its sentence, and what a remedy rests on.
#include "engine/plan/judge.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::judge_test {

using sample::want;

namespace {

const Address services{"HV01", &setting::delegation_services}, live{"HV01", &setting::migration_max_live};

// One want of one address, where `held` is read there.
Finding judged(const Address& address, const Want& wanted, Reading held) {
    Snapshot snapshot;
    snapshot.readings.insert_or_assign(address, std::move(held));
    return judge({{address, {wanted}}}, snapshot).at(0);
}

Want excepted(Want out) {
    out.exception = "by o until 2027";
    return out;
}

Want restored(Value before, std::optional<Value> left) {
    Want out = want(Comparator::restore, std::move(before), "2026-11-22-01");
    out.from = std::move(left);
    return out;
}

Reading held(Value value) { return Held(std::move(value)); }

}  // namespace

TEST_CASE("each want has one verdict, one sentence and at most one remedy") {
    struct Row {
        const Address& address;
        Want wanted;
        Reading read;
        Verdict verdict;
        std::string because;
        std::optional<Value> remedy;
    };
    const Want four = want(Comparator::at_least, std::int64_t{4}),
               both = want(Comparator::includes, Set({"cifs/b", "cifs/c"}));
    const Value two = std::int64_t{2}, six = std::int64_t{6};
    const std::vector<Row> rows = {
        {live, four, held(six), Verdict::compliant, "is 6", {}},
        {live, four, held(two), Verdict::drifted, "is 2, wanted at least 4", std::int64_t{4}},
        {live, excepted(four), held(two), Verdict::excepted, "is 2, wanted at least 4; excepted by o until 2027", {}},
        {live, excepted(four), held(six), Verdict::compliant, "is 6", {}},
        {live, four, Held(), Verdict::absent, "this host has no such property", {}},
        {services, both, Held(), Verdict::absent, "this computer has no such property", {}},
        {live, four, fail(Code::denied, "no rights there"), Verdict::unreadable, "no rights there", {}},
        {live, excepted(four), fail(Code::denied, "no rights there"), Verdict::unreadable, "no rights there", {}},
        {services, both, held(Set({"CIFS/B", "x"})), Verdict::drifted, "1 of 2 wanted values missing: cifs/c",
         Set({"CIFS/B", "cifs/c", "x"})},
        {services, want(Comparator::within, Set({"a"})), held(Set({"a", "x"})), Verdict::drifted,
         "1 beyond what is allowed: x", Set({"a"})},
        {services, want(Comparator::without, Set({"x*"})), held(Set({"a", "xy"})), Verdict::drifted,
         "1 that must not be there: xy", Set({"a"})},
        {live, restored(two, six), held(six), Verdict::drifted, "is 6, wanted 2 again", two},
        {live,
         restored(two, six),
         held(std::int64_t{9}),
         Verdict::conflict,
         "is 9; the run left 6, so somebody else changed it",
         {}},
        {live,
         restored(two, {}),
         held(std::int64_t{9}),
         Verdict::conflict,
         "is 9; what the run wrote here is in doubt",
         {}},
    };
    for (const Row& row : rows) {
        const Finding finding = judged(row.address, row.wanted, row.read);
        CAPTURE(row.because);
        CHECK(finding.verdict == row.verdict);
        CHECK(finding.because == row.because);
        CHECK(finding.remedy == row.remedy);
        CHECK(finding.rule == row.wanted.rule);
    }
}

TEST_CASE("there is a finding for each want, in the order of addresses, also where nothing was read") {
    const Desired desired = {
        {{"HV02", &setting::migration_enabled}, {want(Comparator::equals, true, "on")}},
        {live,
         {want(Comparator::at_least, std::int64_t{2}, "least"), want(Comparator::at_most, std::int64_t{1}, "most")}}};
    Snapshot snapshot;
    sample::set(snapshot, "HV01", setting::migration_max_live, std::int64_t{2});
    sample::set(snapshot, "HV01", setting::migration_max_storage, std::int64_t{2});  // nobody wants anything of it
    const std::vector<Finding> findings = judge(desired, snapshot);
    REQUIRE(findings.size() == 3);
    CHECK(findings[0].rule == "least");
    CHECK(findings[0].verdict == Verdict::compliant);
    CHECK(findings[1].rule == "most");
    CHECK(findings[1].verdict == Verdict::drifted);
    CHECK(findings[2].rule == "on");
    CHECK(findings[2].verdict == Verdict::unreadable);
}

TEST_CASE("what others hold in a set is told, and a set that a run left is compared element by element") {
    CHECK(judged(services, want(Comparator::includes, Set({"a"})), held(Set({"A", "x", "y"}))).foreign ==
          Set({"x", "y"}));
    CHECK(judged(services, want(Comparator::without, Set({"x*"})), held(Set({"a", "xy"}))).foreign == Set({"a"}));
    // The run put b and c to a; meanwhile somebody took b, somebody added d, and a later run took c.
    Want back = restored(Set({"a"}), Set({"a", "b", "c"}));
    back.taken_over = {{"2026-11-23-01", Set({"c"})}};
    const Finding finding = judged(services, back, held(Set({"a", "d"})));
    CHECK(finding.foreign == Set({"d"}));
    CHECK(finding.taken.empty());
    CHECK(finding.withdrawn == Set({"b"}));
    CHECK(finding.taken_over == back.taken_over);
}

TEST_CASE("nothing is written for a want in doubt, and what is there already needs no certainty") {
    Want doubtful = want(Comparator::includes, Set({"cifs/b"}));
    doubtful.doubt = Error{Code::refused, "whose name it is, is unknown"};
    const Finding finding = judged(services, doubtful, held(Set()));
    CHECK(finding.verdict == Verdict::unknown);
    CHECK(finding.because == "whose name it is, is unknown");
    CHECK_FALSE(finding.remedy);
    CHECK(judged(services, doubtful, held(Set({"cifs/b"}))).verdict == Verdict::unknown);
    doubtful.only_new = true;
    CHECK(judged(services, doubtful, held(Set({"cifs/b"}))).verdict == Verdict::compliant);
    CHECK(judged(services, doubtful, held(Set())).verdict == Verdict::unknown);
}

TEST_CASE("a remedy carries the premises of its want; a premise that is broken stops it") {
    Want back = restored(std::int64_t{2}, Value(std::int64_t{6}));
    back.premises.add(premise("HV01", setting::account_sid, Value(std::string("S-1-5-21-1"))));
    Snapshot snapshot;
    sample::set(snapshot, "HV01", setting::migration_max_live, std::int64_t{6});
    sample::set(snapshot, "HV01", setting::account_sid, std::string("S-1-5-21-1"));
    const Finding kept = judge({{live, {back}}}, snapshot).at(0);
    CHECK(kept.verdict == Verdict::drifted);
    CHECK(kept.premises == back.premises);
    sample::set(snapshot, "HV01", setting::account_sid, std::string("S-1-5-21-2"));
    const Finding broken = judge({{live, {back}}}, snapshot).at(0);
    CHECK(broken.verdict == Verdict::unknown);
    CHECK(broken.premises.empty());
    CHECK_FALSE(broken.remedy);
}

TEST_CASE("what a cluster sets is left to it") {
    const Address cluster{"HV01", &setting::host_cluster};
    const auto judged = [](const Snapshot& snapshot) {
        return judge({{live, {want(Comparator::at_least, std::int64_t{4})}}}, snapshot).at(0);
    };
    Snapshot snapshot = sample::snapshot();
    CHECK(judged(snapshot).verdict == Verdict::drifted);  // not asked
    snapshot.readings.insert_or_assign(cluster, Held{});
    CHECK(judged(snapshot).verdict == Verdict::drifted);  // none
    sample::set(snapshot, "HV01", setting::host_cluster, std::string("CLU1"));
    const Finding left = judged(snapshot);
    CHECK(left.verdict == Verdict::excepted);
    CHECK_FALSE(left.remedy);
    CHECK_MESSAGE(left.because.find("CLU1") != std::string::npos, left.because);
    snapshot.readings.insert_or_assign(cluster, Reading(tl::unexpected(Error{Code::denied, "no rights there"})));
    const Finding unknown = judged(snapshot);
    CHECK(unknown.verdict == Verdict::unreadable);
    CHECK(unknown.because.find("no rights there") != std::string::npos);
    CHECK(why_unread(unknown, snapshot).code == Code::denied);  // though its own value was read
    sample::set(snapshot, "HV01", setting::migration_max_live, std::int64_t{4});
    CHECK(judged(snapshot).verdict == Verdict::compliant);
}

}  // namespace fairway::judge_test
