// Is the PowerShell script of a plan safe, whatever names stand in it?
#include "engine/report/script.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/plan_file.hpp"

namespace fairway::script_test {

namespace {

Plan with(std::string object, const Setting& setting, Value before, Value after) {
    Plan plan;
    plan.estate = "west\n; Remove-Item C:\\ #";
    plan.source = "standard \u201cA\u201d";
    plan.ticket = "CHG-1\r\nwhoami";
    plan.phases.push_back({.kind = PhaseKind::hosts,
                           .changes = {{.address = {std::move(object), &setting},
                                        .before = std::move(before),
                                        .after = std::move(after),
                                        .rules = {"r\u2028Stop-Computer"},
                                        .keeps = {}}},
                           .paths = {}});
    return plan;
}

}  // namespace

TEST_CASE("a text of PowerShell is one in ASCII, whatever it holds") {
    using report::powershell_text;
    CHECK(powershell_text("HV01$") == "'HV01$'");
    CHECK(powershell_text("").compare("''") == 0);
    CHECK(powershell_text("O'Brien") == "'O''Brien'");
    CHECK(powershell_text("$(whoami) `n \"x\"") == "'$(whoami) `n \"x\"'");  // nothing counts between single quotes
    CHECK(powershell_text("Z\u00fcrich") == "('Z'+[char]0xfc+'rich')");
    CHECK(powershell_text("\u2019; Stop-Computer") == "(''+[char]0x2019+'; Stop-Computer')");
    CHECK(powershell_text("a\u2013\u201d") == "('a'+[char]0x2013+[char]0x201d)");
    CHECK(powershell_text("\U0001f600\n") == "(''+[char]::ConvertFromUtf32(0x1f600)+[char]0xa)");
}

TEST_CASE("nothing breaks out of a script: its lines are those that we made, and all of it is ASCII") {
    const std::string element = "cifs/\u2018\u2019\u201a\u201b'\u201d\u2013x\n'; Stop-Computer #";
    const Plan plan = with("HV01", setting::delegation_services, Set({"a'b"}), Set({element}));
    const std::string script = report::script_text(plan, PlanFile(plan).digest());
    INFO(script);
    CHECK(std::all_of(script.begin(), script.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
    std::size_t commands = 0;
    for (const std::string_view line : text::split(script, '\n')) {
        if (line.empty() || line.starts_with("#") || line.starts_with("$ErrorActionPreference")) continue;
        ++commands;
        CHECK(line ==
              "Set-ADComputer HV01 -Add "
              "@{'msDS-AllowedToDelegateTo'=('cifs/'+[char]0x2018+[char]0x2019+[char]0x201a+[char]0x201b+"
              "''''+[char]0x201d+[char]0x2013+'x'+[char]0xa+'''; Stop-Computer #')} -Remove "
              "@{'msDS-AllowedToDelegateTo'='a''b'}");
    }
    CHECK(commands == 1);
}

TEST_CASE("the order is the plan's, with its phases") {
    Plan plan = with("HV01", setting::migration_enabled, false, true);
    plan.phases.push_back(with("HV02", setting::delegation_unconstrained, true, false).phases[0]);
    plan.phases[1].kind = PhaseKind::directory_removals;
    const std::string script = report::script_text(plan, PlanFile(plan).digest());
    const std::size_t first = script.find("# hosts: 1 change"),
                      enable = script.find("\nEnable-VMMigration -ComputerName HV01\n"),
                      then = script.find("# directory removals: 1 change"),
                      last = script.find("\nSet-ADAccountControl HV02$ -TrustedForDelegation $false\n");
    CHECK(first < enable);
    CHECK(enable < then);
    CHECK(then < last);
    CHECK(last != std::string::npos);
    CHECK(report::script_json(plan)[0]["command"] == "Enable-VMMigration -ComputerName HV01");
    CHECK(report::script_json(plan).size() == 2);
}

}  // namespace fairway::script_test
