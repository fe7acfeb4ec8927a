// A plan survives its file, and a file that is no reviewed plan is told.
#include "engine/plan/plan_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/plan/premises.hpp"
#include "tests/sample.hpp"

namespace fairway::plan_file_test {

namespace {

Premises gone_and_account() {
    Premises out;
    out.add(premise("HV02", setting::delegation_vanished, Value(Set({"gone"}))));
    out.add(premise("HV02", setting::account_sid, Value(std::string("S-1-5-21-1-2-3-1104"))));
    return out;
}

Premises no_cluster() {
    Premises out;
    out.add(premise("HV01", setting::host_cluster, {}));
    out.add(premise("HV01", setting::host_running_migrations, Value(std::int64_t{0})));
    return out;
}

Plan some_plan() {
    Plan plan = sample::plan_with(
        {{{"HV01", &setting::migration_enabled}, false, true, {"on"}, {}, no_cluster()},
         {{"HV01", &setting::delegation_services}, Set({"a", "gone"}), Set({"a", "b"}), {"r1", "r2"}, Set({"a"})},
         {{"HV02", &setting::delegation_services}, Set({"a", "gone"}), Set({"a"}), {"r"}, {}, gone_and_account()}});
    plan.phases[0].changes[0].grade = {Risk::high, "more than \"low\""};
    plan.limits = Limits{.hosts = {.count = {}, .percent = 50},
                         .risk = Risk::critical,
                         .paths_closed = {.count = 0, .percent = {}},
                         .probed = true};
    plan.allowed = {{"values_removed", "25%", "anna"}, {"risk", "critical", "root (sudo by anna)"}};
    plan.ticket = "CHG0041";
    plan.found = {"HV01", "HV02"};
    plan.since = FoundSince{"2026-11-22-03", {"HV02"}};
    plan.estate_findings = {
        {.fault = EstateFault::left_out, .object = "x$", .dn = "CN=x", .condition = {}, .because = "odd"},
        {.fault = EstateFault::paths_closed,
         .object = "HV02",
         .dn = {},
         .condition = "domain",
         .paths = 3,
         .because = "b"}};
    plan.notes.push_back({.address = {"HV02", &setting::migration_performance},
                          .verdict = Verdict::excepted,
                          .held = {},
                          .foreign = {},
                          .remedy = {},
                          .rule = "r",
                          .severity = Severity::low,
                          .because = "later \"x\"",
                          .where = {}});
    return plan;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("read then written, the bytes are the same") {
    const std::string file = print_plan(some_plan());
    const Result<PlanFile> again = parse_plan(file);
    REQUIRE(again.has_value());
    CHECK(print_plan(**again) == file);
    CHECK((*again)->phases == some_plan().phases);
    CHECK((*again)->found == some_plan().found);
    CHECK((*again)->limits == some_plan().limits);
    CHECK((*again)->allowed == some_plan().allowed);
    CHECK((*again)->since == some_plan().since);
    CHECK((*again)->estate_findings == some_plan().estate_findings);
}

TEST_CASE("the paths that steps close stand in the file, and nothing about them where none does") {
    Plan plan = some_plan();
    CHECK(print_plan(plan).find("\"closed\": [") == std::string::npos);
    plan.phases[0].closes = 3;
    CHECK(print_plan(plan).find("\"fairway_plan\": 3,") != std::string::npos);
    plan.phases[0].closed = {{{"HV02", &setting::migration_enabled}, {"HV03"}, {"HV01"}, {}}};
    plan.phases[0].opened = {{{"HV03", &setting::migration_enabled}, {}, {}, {"HV02"}}};
    const std::string file = print_plan(plan);
    CHECK(file.find("\"fairway_plan\": 4,") != std::string::npos);
    CHECK(file.find("\"from\": []") == std::string::npos);
    const Result<PlanFile> again = parse_plan(file);
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK((*again)->phases == plan.phases);
    CHECK(print_plan(**again) == file);
    for (const auto& [what, by, says] :
         {std::tuple{"\"both\": [\n            \"HV03\"", "\"both\": [\n            \"H.x\"", "no host's name"},
          std::tuple{"\"from\": [", "\"frm\": [", "frm"}})
        CHECK(parse_plan(replaced(file, what, by)).error().text.find(says) != std::string::npos);
}

TEST_CASE("what keeps each path from being open stands in the file, and only what a page can draw is read") {
    Plan plan = sample::plan_with({{{"HV02", &setting::migration_enabled}, false, true, {"r"}, {}}});
    plan.picture = {.conditions = {"migration on", "authentication"},
                    .rests_on = {{"migration.enabled"}, {"migration.authentication"}},
                    .now = {{.domain = "north-a", .hosts = {"HV01", "HV02"}, .rows = {"-a", "B-"}}}};
    plan.phases[0].letters = {{.domain = "north-a", .hosts = {"HV01"}, .rows = {"-."}}};
    const std::string file = print_plan(plan);
    CHECK(file.find("\"fairway_plan\": 5,") != std::string::npos);
    const Result<PlanFile> again = parse_plan(file);
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK((*again)->picture == plan.picture);
    CHECK((*again)->phases == plan.phases);
    CHECK(print_plan(**again) == file);
    const auto refused = [&](auto change, const char* says) {
        Plan odd = plan;
        change(odd);
        const Result<PlanFile> read = parse_plan(print_plan(odd));
        REQUIRE_MESSAGE(!read.has_value(), says);
        CHECK_MESSAGE(read.error().text.find(says) != std::string::npos, read.error().text);
    };
    refused([](Plan& odd) { odd.picture.now[0].rows[0] = "-c"; }, "none of a condition");
    refused([](Plan& odd) { odd.picture.now[0].rows[0] = "-<"; }, "none of a condition");
    refused([](Plan& odd) { odd.picture.now[0].rows[0] = "-a."; }, "not a letter for each path");
    refused([](Plan& odd) { odd.picture.now[0].rows.pop_back(); }, "not a row for each");
    refused([](Plan& odd) { odd.picture.now[0].hosts[0] = "HV 01"; }, "no host's name");
    refused([](Plan& odd) { odd.picture.now[0].domain = "a\nb"; }, "no migration domain's name");
    refused([](Plan& odd) { odd.picture.rests_on.pop_back(); }, "not a list for each condition");
    refused([](Plan& odd) { odd.phases[0].letters[0].hosts[0] = "HV09"; }, "rows of other paths");
    refused([](Plan& odd) { odd.phases[0].letters[0].domain = "south"; }, "rows of other paths");
    refused([](Plan& odd) { odd.phases[0].letters[0].rows[0] = "-"; }, "rows of other paths");
}

TEST_CASE("rules of the run alone are of the format that has waves") {
    Plan plan = some_plan();
    plan.run_rules.on_failure = OnFailure::stop;
    const std::string file = print_plan(plan);
    CHECK(file.find("\"fairway_plan\": 4,") != std::string::npos);
    CHECK((*parse_plan(file))->run_rules == plan.run_rules);
}

TEST_CASE("waves stand in the file, and a plan without waves is of the format that had none") {
    Plan plan = some_plan();
    CHECK(print_plan(plan).find("\"fairway_plan\": 3,") != std::string::npos);
    plan.rollout = Rollout{.canary = {.hosts = {"HV01"}, .tag = "pilot"},
                           .waves = {{WaveSize::By::percent, 35}, {WaveSize::By::count, 10}, {}},
                           .per = Rollout::Per::migration_domain,
                           .order = Rollout::Order::tags,
                           .tags = {"rack-a"},
                           .pause_minutes = 30,
                           .gates = {Gate::values, Gate::trials},
                           .trials = TrialMoves{.vms = {"canary"}, .id = {}, .pairs = TrialMoves::Pairs::all}};
    plan.run_rules = {.window = *window_from("saturday 22:00", "sunday 04:00", "Europe/Berlin"),
                      .max_failures = {.percent = 10},
                      .on_failure = OnFailure::rollback};
    plan.phases[0].wave = 1;
    plan.phases[0].canary = true;
    plan.phases[0].then = {.directory = true, .minutes = 30, .gates = {Gate::values, Gate::trials}};
    const std::string file = print_plan(plan);
    CHECK(file.find("\"fairway_plan\": 4,") != std::string::npos);
    const Result<PlanFile> again = parse_plan(file);
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK((*again)->phases == plan.phases);
    CHECK((*again)->rollout == plan.rollout);
    CHECK((*again)->run_rules == plan.run_rules);
    CHECK(print_plan(**again) == file);
    for (const auto& [what, by, says] :
         {std::tuple{"\"35%\"", "\"0%\"", "no wave"}, std::tuple{"\"35%\"", "\"+35%\"", "no wave"},
          std::tuple{"\"rest\"", "\"all\"", "no wave"}, std::tuple{"      10,", "      0,", "no wave"},
          std::tuple{"\"wave\": 1", "\"wave\": 0", "wave"},
          std::tuple{"\"phase\": \"hosts\"", "\"phase\": \"directory removals\"", "only hosts are changed in waves"},
          std::tuple{"\"pilot\"", "\"pi\\nlot\"", "no tag"}, std::tuple{"\"rack-a\"", "\"\"", "no such name"},
          std::tuple{"\"order\": \"tags\"", "\"order\": \"luck\"", "not known here"},
          std::tuple{"\"10%\"", "\"0%\"", "no number of hosts"},
          std::tuple{"\"10%\"", "\"rest\"", "no number of hosts"},
          std::tuple{"saturday 22:00", "saturday 25:00", "saturday 25:00"},
          std::tuple{"Europe/Berlin", "Europe/Atlantis", "no time zone"},
          std::tuple{"\"values\",", "\"vibes\",", "not gates"}, std::tuple{"\"trials\"\n", "\"values\"\n", "not gates"},
          std::tuple{"\"rollback\"", "\"luck\"", "not known here"},
          std::tuple{"\"minutes\": 30", "\"minutes\": -30", "minutes"},
          std::tuple{"\"directory\": true", "\"directory\": 1", "directory"}}) {
        INFO(std::string(by));
        CHECK(parse_plan(replaced(file, what, by)).error().text.find(says) != std::string::npos);
    }
}

TEST_CASE("a premise stands in the file once, and changes name it by number") {
    Plan plan = some_plan();
    plan.phases[0].changes[1].premises.add(
        premise("HV02", setting::account_sid, Value(std::string("S-1-5-21-1-2-3-1104"))));
    const std::string file = print_plan(plan);
    std::size_t count = 0;
    for (auto at = file.find("S-1-5-21-1-2-3-1104"); at != std::string::npos;
         at = file.find("S-1-5-21-1-2-3-1104", at + 1))
        ++count;
    CHECK(count == 1);
    REQUIRE(parse_plan(file).has_value());
    CHECK((*parse_plan(file))->phases == plan.phases);
    const std::string beyond = print_plan(plan);
    for (const char* wrong : {"99", "2-99", "3-2", "-1", "1-", "", "x", "1-2-3", "18446744073709551616"})
        CHECK(parse_plan(replaced(beyond, "\"premises\": [\n            \"3\"",
                                  "\"premises\": [\n            \"" + std::string(wrong) + "\""))
                  .error()
                  .text.find("no such premise") != std::string::npos);
}

TEST_CASE("the names of long lists stand in the file once, and changes name them by number") {
    constexpr std::size_t many = 40;
    std::vector<std::string> all;
    for (std::size_t i = 0; i < many; ++i) all.push_back(fmt::format("cifs/hv{:02}", i));
    const auto without = [&](std::size_t own) {
        auto out = all;
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(own));
        return Set(out);
    };
    const Plan plan = sample::plan_with(
        {{{"HV00", &setting::delegation_services}, Set(), without(0), {"r"}, {}},
         {{"HV07", &setting::delegation_services}, Set(), without(7), {"r"}, {}},
         {{"HV08", &setting::delegation_services}, without(8), Set({"cifs/hv01"}), {"r"}, without(8)},
         {{"HV09", &setting::delegation_services}, Set(), Set({"cifs/hv01", "cifs/hv02"}), {"r"}, {}}});
    const std::string file = print_plan(plan);
    CHECK(file.find("\"cifs/hv39\"") == file.rfind("\"cifs/hv39\""));
    const Result<PlanFile> again = parse_plan(file);
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK((*again)->phases == plan.phases);
    CHECK(print_plan(**again) == file);

    const std::string first = "\"add\": {\n            \"names\": [\n              \"0-38\"";
    for (const char* wrong :
         {"0-40", "40", "3-2", "-1", "1-", "", "x", "0-1-2", "0-18446744073709551615", "99999999999999999999"})
        CHECK(parse_plan(replaced(file, first, replaced(first, "0-38", wrong))).error().text ==
              "this is no plan: phases[0].changes[0].add: no such names");
    CHECK(parse_plan(replaced(file, first, replaced(first, "names", "name"))).error().text.find("add") !=
          std::string::npos);
    CHECK(parse_plan(replaced(file, first, replaced(first, "0-38", "0-37"))).error().text.find("edited after") !=
          std::string::npos);
}

TEST_CASE("a small file cannot name more than fits into memory") {
    std::string body =
        R"({"fairway_plan": 3, "purpose": "apply", "estate": "", "inventory_sha256": "", "source": "", "source_sha256": "",
"ticket": "", "paths": {"open": 0, "closed": 0, "unknown": 0}, "names": [)";
    const std::string name = '"' + std::string(2000, 'x') + '"';
    for (int i = 0; i < 500; ++i) body += (i ? "," : "") + name;
    body +=
        R"(], "phases": [{"phase": "hosts", "changes": [{"object": "HV01", "setting": "delegation.services", "before": [],
"remove": [], "keeps": [], "rules": ["r"], "add": {"names": [)";
    for (int i = 0; i < 2000; ++i) body += i ? ",\"0-499\"" : "\"0-499\"";
    body += R"(]}}], "paths": {"open": 0, "closed": 0, "unknown": 0}, "closes": 0}], "notes": [], "digest": ""})";
    CHECK(parse_plan(body).error().text == "this is no plan: phases[0].changes[0].add: no such names");
}

TEST_CASE("a plan of format 1, as older runs have it in their journal, is read") {
    std::string body = R"({
  "fairway_plan": 1,
  "purpose": "apply",
  "estate": "bay",
  "inventory_sha256": "",
  "source": "standard",
  "source_sha256": "",
  "ticket": "",
  "paths": {"open": 0, "closed": 0, "unknown": 0},
  "phases": [
    {"phase": "directory removals",
     "changes": [{"object": "HV02", "setting": "delegation.services", "before": ["a", "gone"], "add": [],
                  "remove": ["gone"], "keeps": [], "vanished": ["gone"], "rules": ["r"]}],
     "paths": {"open": 0, "closed": 0, "unknown": 0}, "closes": 0}
  ],
  "notes": [])";
    const std::string file = body + ",\n  \"digest\": \"" + sha256(body) + "\"\n}\n";
    const Result<PlanFile> plan = parse_plan(file);
    REQUIRE_MESSAGE(plan.has_value(), plan.error().text);
    CHECK(taken_as_gone((*plan)->phases[0].changes[0]) == Set({"gone"}));
    CHECK(plan->bytes() == file);  // so it keeps the id by which it was approved
    CHECK(plan->id() == sha256(body).substr(0, 12));
}

TEST_CASE("what is no plan is refused in words") {
    const std::string file = print_plan(some_plan());
    struct Row {
        std::string text, says;
    };
    const Row rows[] = {
        {"", "this is no plan"},
        {file.substr(0, file.size() / 2), "this is no plan"},
        {replaced(file, "\"after\": true", "\"after\": false"), "changes nothing"},
        {replaced(file, "CHG0041", "CHG0042"), "edited after it was made"},
        {replaced(file, std::string(digest_in(file)), sha256("")) + " ", "edited after it was made"},  // of nothing
        {replaced(file, "\"add\": [", "\"add\": [\"cifs/evil\", "), "edited after it was made"},
        {replaced(file, "\"fairway_plan\": 3", "\"fairway_plan\": 6"), "plan of format 6"},
        {replaced(file, "migration.enabled", "migration.enabed"), "unknown setting"},
        {replaced(file, "\"left_out\"", "\"left_in\""), "`left_in` is not known here"},
        {replaced(file, "\"severity\": \"medium\"", "\"severity\": \"low\""), "this fault has another severity"},
        {replaced(file, "\"paths\": 3", "\"paths\": -3"), "estate_findings[1].paths"},
        {replaced(file, "migration.enabled", "account.flags"), "only read, never written"},
        {replaced(file, "\"before\": false", "\"before\": 0"), "is a boolean"},
        {replaced(file, "\"ticket\"", "\"tocket\""), "tocket"},
        {replaced(file, "\"holds\": [\n        \"gone\"", "\"holds\": [\n        \"a\""), "nothing that it removes"},
        {replaced(file, "\"setting\": \"account.sid\"", "\"setting\": \"account.sod\""), "unknown setting"},
        {replaced(file, "\"hosts\"", "\"hostess\""), "not known here"},
        {replaced(file, "\"object\": \"HV02\"", "\"object\": \"hv02.bay.example\""), "is not a host name"},
        {replaced(file, "\"object\": \"HV02\"", "\"object\": \"\""), "is not a host name"},
        {replaced(file, "\"object\": \"HV02\"", "\"object\": \"HV\\u001b[2J\""), "is not a host name"},
        {replaced(file, "\"object\": \"HV02\"", "\"object\": \"HV\xd0\x9e\""), "is not a host name"},
        {replaced(file, "\"r2\"", "\"r2\\nx\""), "no rule's name"},
        {replaced(file, "\"risk\": \"high\"", "\"risk\": \"none\""), "not known here"},
        {replaced(file, "\"risk\": \"high\"", "\"risk\": \"low\""), "edited after it was made"},
        {replaced(file, "\"risk\": \"critical\"", "\"risk\": \"all\""), "not known here"},
        {replaced(file, "\"hosts_percent\": 50", "\"hosts_percent\": -1"), "hosts_percent"},
        {replaced(file, "\"limit\": \"values_removed\"", "\"limit\": \"values\""), "there is no limit `values`"},
        {replaced(file, "\"value\": \"25%\"", "\"value\": \"125%\""), "not `125%`"},
        {replaced(file, "\"risk_because\"", "\"risk_becuase\""), "risk_because"},
    };
    for (const Row& row : rows) {
        INFO(row.says);
        const Result<PlanFile> plan = parse_plan(row.text);
        REQUIRE_FALSE(plan.has_value());
        CHECK(plan.error().code == Code::bad_input);
        CHECK(plan.error().text.find(row.says) != std::string::npos);
    }
}

}  // namespace fairway::plan_file_test
