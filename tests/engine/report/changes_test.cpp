// A plan of hundreds of changes can be read: equal ones are together, with figures, names, rules and the first in full;
// and each can be asked for.
#include "engine/report/changes.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/report/plan.hpp"
#include "tests/sample.hpp"

namespace fairway::changes_test {

namespace {

Change change(std::string host, const Setting& row, Value before, Value after,
              std::vector<std::string> rules = {"standard"}) {
    return {{std::move(host), &row}, std::move(before), std::move(after), std::move(rules), {}, {}, {}};
}

Phase to_kerberos(int hosts) {
    Phase out;
    out.kind = PhaseKind::hosts;
    for (int i = 1; i <= hosts; ++i)
        out.changes.push_back(change(fmt::format("HV{:03}", i), setting::migration_authentication,
                                     std::string("credssp"), std::string("kerberos"), {"standard", "no-credssp"}));
    return out;
}

std::string told(const Phase& phase, bool full = false, std::size_t columns = 0) {
    report::Style style;
    style.columns = columns;
    std::size_t together = 0;
    return report::changes_text(phase, style, {.full = full}, together);
}

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

std::ptrdiff_t times(const std::string& text, std::string_view words) {
    std::ptrdiff_t out = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++out;
    return out;
}

}  // namespace

TEST_CASE("every change shows its rules, however many") {
    CHECK(says(told(to_kerberos(1)), "medium risk  rules standard, no-credssp\n"));
    Phase one;
    one.changes = {change("HV01", setting::migration_enabled, false, true)};
    CHECK(says(told(one), "low risk  rule standard\n"));
    one.changes[0].rules = {"a\x1b[2J", "b"};
    CHECK(says(told(one), "rules a\\x1b[2J, b\n"));
}

TEST_CASE("three equal changes are one entry, two are two") {
    CHECK(times(told(to_kerberos(2)), "credssp → kerberos") == 2);
    const std::string three = told(to_kerberos(91));
    CHECK(times(three, "credssp → kerberos") == 1);
    CHECK(says(three, "  ~ 91 hosts           migration.authentication "));
    CHECK(says(three, "\n      HV001, HV002, HV003, HV004, HV005 and 86 more\n"));
    CHECK(says(three, "rules standard, no-credssp\n"));
    CHECK(says(three,
               "Set-VMHost -ComputerName HV001 -VirtualMachineMigrationAuthenticationType Kerberos (likewise for the "
               "others)\n"));
    CHECK(times(told(to_kerberos(91), true), "credssp → kerberos") == 91);
    Phase mixed = to_kerberos(4);
    mixed.changes[3].rules = {"another"};
    CHECK(times(told(mixed), "credssp → kerberos") == 2);
}

TEST_CASE("lists that get longer are told in figures with the first of them, unless the risk is high") {
    Phase phase;
    phase.kind = PhaseKind::directory_additions;
    for (int i = 1; i <= 6; ++i) {
        std::vector<std::string> after = {"cifs/HV900"};
        for (int k = 0; k < i; ++k) after.push_back(fmt::format("cifs/HV80{}", k));
        phase.changes.push_back(
            change(fmt::format("HV00{}", i), setting::delegation_services, Set({"cifs/HV900"}), Set(after)));
        phase.changes.back().grade = {Risk::medium, "cifs: what live migration needs of a peer"};
    }
    const std::string text = told(phase);
    CHECK(says(text, "  + 6 accounts         delegation.services             1 to 6 values more "));
    CHECK(says(text, "      the first of them, HV001:\n      + cifs/HV800\n"));
    CHECK(times(text, "delegation.services") == 1);
    for (Change& one : phase.changes) one.grade = {Risk::critical, "somebody's"};
    CHECK(times(told(phase), "critical risk") == 6);
}

TEST_CASE("a plan says how to see each, and names the first five paths that steps close") {
    Plan plan = sample::plan_with(to_kerberos(4).changes);
    REQUIRE(plan.phases.size() == 1);
    plan.phases[0].closes = 7;
    plan.phases[0].closed = {
        {{"HV001", &setting::migration_authentication}, {}, {"HV002", "HV003"}, {"HV004"}},
        {{"HV002", &setting::migration_authentication}, {}, {"HV003"}, {"HV001", "HV004", "HV005"}}};
    const std::string text = report::text(plan, {});
    CHECK(
        says(text,
             "\n4 changes equal to others are shown together here; `--full` shows each, and so does the plan file.\n"));
    CHECK(says(
        text,
        "  HV001 → HV002 is closed by hosts migration.authentication of HV001 or hosts migration.authentication of "
        "HV002, and no later step opens it\n"
        "  HV001 → HV003, HV004 → HV001 are closed by hosts migration.authentication of HV001, and no later step "
        "opens them\n"
        "  HV002 → HV003, HV004 → HV002 are closed by hosts migration.authentication of HV002, and no later step "
        "opens them\n"
        "  and 1 more path; --output json and the plan file name all\n"));
    plan.phases[0].closed = {{{"HV001", &setting::migration_authentication}, {}, {"HV002", "HV003"}, {}}};
    plan.phases[0].opened = {{{"HV002", &setting::migration_authentication}, {}, {}, {"HV001"}}};
    plan.phases.push_back(plan.phases[0]);
    plan.phases[1].closed = {};
    plan.phases[1].wave = 2;
    plan.phases[1].opened = {{{"HV003", &setting::migration_authentication}, {}, {}, {"HV001"}}};
    const std::string between = report::text(plan, {});
    CHECK(says(between,
               "  HV001 → HV002 is closed between hosts migration.authentication of HV001 and hosts "
               "migration.authentication of HV002\n"));
    CHECK(says(between,
               "  HV001 → HV003 is closed by hosts migration.authentication of HV001 until wave 2 "
               "migration.authentication of HV003\n"));
    CHECK_FALSE(says(report::text(plan, {}, {.full = true}), "shown together"));
}

}  // namespace fairway::changes_test
