// What an audit means: verdicts, hosts that could not be read, faults of the estate, and who wrote a value.
#include "engine/watch/look.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway::look_test {
namespace {

using namespace watch;

const Address enabled{"HV01", &setting::migration_enabled}, trust{"HV01", &setting::delegation_unconstrained};

Finding finding(const Address& address, Verdict verdict) {
    Finding out;
    out.address = address;
    out.verdict = verdict;
    out.rule = "rule";
    out.because = "because";
    if (verdict == Verdict::drifted) {
        out.held = Value(false);
        out.remedy = Value(true);
    }
    return out;
}

struct Case {
    Inventory inventory;
    Snapshot snapshot;
    std::vector<Finding> findings;
    std::vector<EstateFinding> estate;
    std::int64_t unknown_paths = 0;
    bool journal_read = true;
    std::map<Address, Wrote> wrote;
    std::vector<Episode> known;

    Seen seen() const {
        return seen_by({inventory, snapshot, findings, estate, unknown_paths, journal_read, wrote}, known);
    }
    // The fate of the first known one, with a finding of that verdict.
    Fate fate(Verdict verdict) {
        findings = {finding(enabled, verdict)};
        return seen().fates.at(1);
    }
};

Episode known(Subject subject) {
    Episode out;
    out.number = 1;
    out.subject = std::move(subject);
    return out;
}

Subject of_value(const std::string& object = "HV01", const std::string& sid = "") {
    return {Sort::value, object, sid, "host", "migration.enabled", "rule"};
}

}  // namespace

TEST_CASE("watch: only what drifted is found; what it knew gets a fate by the verdict") {
    Case one;
    one.known = {known(of_value())};
    CHECK(one.fate(Verdict::compliant) == Fate::complies);
    CHECK(one.fate(Verdict::excepted) == Fate::excepted);
    CHECK(one.fate(Verdict::absent) == Fate::absent);
    CHECK(one.fate(Verdict::unreadable) == Fate::unread);
    CHECK(one.fate(Verdict::unknown) == Fate::unread);
    one.findings = {finding(trust, Verdict::drifted)};
    CHECK(one.seen().fates.at(1) == Fate::not_asked);
    REQUIRE(one.seen().findings.size() == 1);
    const Noticed seen = one.seen().findings[0];
    CHECK(seen.subject == Subject{Sort::value, "HV01", "", "computer", "delegation.unconstrained", "rule"});
    CHECK(seen.detail.held == "no");
    CHECK(seen.detail.wanted == "yes");
    one.known[0].ended = 5;
    CHECK(one.seen().fates.empty());
}

TEST_CASE("watch: a host that cannot be read is one finding, and what depends on another host is none") {
    Case one;
    Finding unknown = finding({"HV02", &setting::migration_enabled}, Verdict::unknown);
    one.findings = {finding(enabled, Verdict::unreadable),
                    finding({"HV01", &setting::migration_networks}, Verdict::unreadable), unknown};
    REQUIRE(one.seen().findings.size() == 1);
    CHECK(one.seen().findings[0].subject == Subject{Sort::unread, "HV01", "", "host", "", ""});
    unknown.doubt = Error{Code::refused, "two accounts"};
    one.findings = {unknown};
    CHECK(one.seen().findings.at(0).detail.because == "cannot be judged: because");
}

TEST_CASE("watch: a host that is left out by choice is not spoken of") {
    Case one;
    one.inventory.hosts = {Host{}};
    one.inventory.hosts[0].name = "HV01";
    one.known = {known(of_value())};
    CHECK(one.seen().fates.at(1) == Fate::not_asked);
    one.inventory.hosts[0].not_covered = "--except HV01";
    CHECK(one.seen().fates.at(1) == Fate::unread);
}

TEST_CASE("watch: an account that was made anew under a name is another one") {
    Case one;
    one.snapshot.readings[{"HV01", &setting::account_sid}] = Held(Value(std::string("S-1-5-2")));
    one.known = {known(of_value("HV01", "S-1-5-2"))};
    CHECK(one.fate(Verdict::compliant) == Fate::complies);
    one.known = {known(of_value("OLD", "S-1-5-2"))};
    CHECK(one.fate(Verdict::compliant) == Fate::complies);
    one.known = {known(of_value("HV01", "S-1-5-1"))};
    CHECK(one.fate(Verdict::compliant) == Fate::not_asked);
    one.known = {known(of_value("HV01"))};
    CHECK(one.fate(Verdict::compliant) == Fate::complies);
    one.findings = {finding(enabled, Verdict::drifted)};
    CHECK(one.seen().findings.at(0).subject.sid == "S-1-5-2");
}

TEST_CASE("watch: a fault of the estate is over only if what it is known by was read") {
    for (const EstateFault fault : all_estate_faults) {
        CAPTURE(name(fault));
        Case one;
        one.known = {known({Sort::estate, "HV01", "", "", std::string(name(fault)), ""})};
        const auto unread_with = [&](auto change) {
            Case now = one;
            change(now);
            return now.seen().fates.at(1) == Fate::unread;
        };
        CHECK_FALSE(unread_with([](Case&) {}));
        const bool its_host = unread_with([](Case& now) { now.findings = {finding(enabled, Verdict::unreadable)}; });
        const bool any_host = unread_with([](Case& now) {
            now.findings = {finding({"HV09", &setting::migration_enabled}, Verdict::unreadable)};
        });
        const bool paths = unread_with([](Case& now) { now.unknown_paths = 1; });
        const bool journal = unread_with([](Case& now) { now.journal_read = false; });
        const bool of_glass = fault == EstateFault::glass_open || fault == EstateFault::glass_past;
        const bool of_all = fault == EstateFault::no_hyperv || fault == EstateFault::name_claimed;
        CHECK(its_host == (of_all || fault == EstateFault::odd_delegation || fault == EstateFault::vanished_class));
        CHECK(any_host == of_all);
        CHECK(paths == (fault == EstateFault::paths_closed));
        CHECK(journal == of_glass);
    }
}

TEST_CASE("watch: whose a host's value is, the journal says by the last run that wrote it") {
    Run run;
    run.id = "2026-11-30-01";
    run.who = "anna";
    run.host = "admin1";
    run.plan.ticket = "CHG1";
    run.plan.phases.push_back(
        {.kind = PhaseKind::hosts,
         .changes = {{.address = enabled, .before = false, .after = true, .rules = {}, .keeps = {}}},
         .paths = {}});
    run.steps.push_back({.number = 0, .outcome = Outcome::done, .note = {}});
    const Wrote ours = wrote(enabled, Held(true), std::vector<Run>{run});
    CHECK(ours.whose == "ours");
    CHECK(ours.run == run.id);
    CHECK(ours.who == "anna@admin1");
    CHECK(ours.ticket == "CHG1");
    const Wrote theirs = wrote(enabled, Held(false), std::vector<Run>{run});
    CHECK(theirs.whose == "somebody else");
    CHECK(theirs.run.empty());
    CHECK(wrote(trust, Held(true), std::vector<Run>{run}).whose == "unknown");
    CHECK(wrote(enabled, Held(true), fail(Code::not_found, "no journal")).because == "no journal");
    run.steps[0].outcome = Outcome::not_done;
    CHECK(wrote(enabled, Held(true), std::vector<Run>{run}).whose == "unknown");
}

}  // namespace fairway::look_test
