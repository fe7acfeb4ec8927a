// What is told of the service principal names of a forest: every kind of fault once, in words and commands that a
// person can use.
#include <doctest/doctest.h>

#include <functional>

#include "tests/engine/names/forest.hpp"

namespace fairway::spn_words_test {

using namespace fairway::forest;

TEST_CASE("every fault is told, of whom, and with what to do") {
    struct Row {
        const char* what;
        std::function<void(RegisteredNames&)> spoil;
        NameFault fault;
        Severity severity;
        const char* host;
        std::vector<std::string> names;
        std::vector<std::string> holders;
        const char* says;     // somewhere in because and advice
        const char* command;  // one of them; empty: none is offered
    };
    const std::string short_name = migration("HV01"), full_name = migration("hv01.bay.example");
    const Row rows[] = {
        {"a migration name is missing",
         [&](auto& f) { lose(hv01(f), short_name); },
         NameFault::missing,
         Severity::high,
         "HV01",
         {short_name},
         {},
         "setting spn.migration",
         R"(setspn -S "Microsoft Virtual System Migration Service/HV01" HV01)"},
        {"both are missing: one finding",
         [&](auto& f) {
             lose(hv01(f), short_name);
             lose(hv01(f), full_name);
         },
         NameFault::missing,
         Severity::high,
         "HV01",
         {short_name, full_name},
         {},
         "fairway plan",
         R"(setspn -S "Microsoft Virtual System Migration Service/hv01.bay.example" HV01)"},
        {"HOST is missing",
         [&](auto& f) { lose(hv01(f), "HOST/HV01"); },
         NameFault::missing,
         Severity::high,
         "HV01",
         {"HOST/HV01"},
         {},
         "stand for cifs",
         "setspn -R HV01"},
        {"another holds it",
         [&](auto& f) {
             lose(hv01(f), short_name);
             f.owners.push_back(other("svc", {"Microsoft virtual system migration service/hv01"}));
         },
         NameFault::elsewhere,
         Severity::high,
         "HV01",
         {short_name},
         {"svc"},
         "which should, does not",
         R"(setspn -D "Microsoft Virtual System Migration Service/HV01" svc)"},
        {"two hold it",
         [&](auto& f) { f.owners.push_back(other("svc", {"MICROSOFT Virtual System Migration Service/HV01"})); },
         NameFault::duplicate,
         Severity::critical,
         "HV01",
         {short_name},
         {"HV01$", "svc"},
         "does not guess",
         R"(setspn -F -Q "Microsoft Virtual System Migration Service/HV01")"},
        {"three hold it",
         [&](auto& f) {
             f.owners.push_back(other("svc", {short_name}));
             f.owners.push_back(other("svc2", {short_name}));
         },
         NameFault::duplicate,
         Severity::critical,
         "HV01",
         {short_name},
         {"HV01$", "svc", "svc2"},
         "3 accounts hold it",
         "setspn -F -Q"},
        {"HOST twice in the forest",
         [&](auto& f) { f.owners.push_back(other("svc", {"host/hv01.bay.example"})); },
         NameFault::duplicate,
         Severity::critical,
         "HV01",
         {"HOST/hv01.bay.example"},
         {"HV01$", "svc"},
         "gives no ticket",
         "setspn -F -Q"},
        {"a duplicate that no host needs",
         [&](auto& f) {
             hv01(f).names.push_back("MSSQLSvc/sql01:1433");
             f.owners.push_back(other("sql", {"mssqlsvc/SQL01:1433"}));
         },
         NameFault::duplicate,
         Severity::medium,
         "HV01",
         {"MSSQLSvc/sql01:1433"},
         {"HV01$", "sql"},
         "2 accounts",
         "setspn -F -Q"},
        {"cifs as written beside HOST",
         [&](auto& f) {
             f.owners.push_back(other("files", {"cifs/HV01", "CIFS/hv01.bay.example"}));
         },
         NameFault::alias_duplicate,
         Severity::high,
         "HV01",
         {"cifs/HV01", "cifs/hv01.bay.example"},
         {"files"},
         "through HOST/HV01, HOST/hv01.bay.example",
         R"(setspn -F -Q "HOST/HV01")"},
        {"HTTP of a web service on the host's name",
         [&](auto& f) { f.owners.push_back(other("web", {"HTTP/hv01.bay.example"})); },
         NameFault::alias_duplicate,
         Severity::high,
         "HV01",
         {"HTTP/hv01.bay.example"},
         {"web"},
         "the written one counts",
         "setspn"},
        {"no account",
         [&](auto& f) { f.owners.erase(f.owners.begin()); },
         NameFault::no_account,
         Severity::critical,
         "HV01",
         {},
         {},
         "is the host joined",
         ""},
        {"an account of that name in another domain, and none here",
         [&](auto& f) {
             hv01(f).dns = "hv01.other.example";
             hv01(f).names.clear();
             f.owners.push_back(other("HV01$", {}));
         },
         NameFault::no_account,
         Severity::critical,
         "HV01",
         {},
         {},
         "full name",
         ""},
        {"a disabled account",
         [&](auto& f) { hv01(f).enabled = false; },
         NameFault::disabled,
         Severity::critical,
         "HV01",
         {},
         {"HV01$"},
         "no ticket is made",
         ""},
        {"a ghost on a host",
         [&](auto& f) { hv01(f).names.push_back(migration("HV99")); },
         NameFault::ghost,
         Severity::medium,
         "HV01",
         {migration("HV99")},
         {"HV01$"},
         "no account in the forest is called so",
         R"(setspn -D "Microsoft Virtual System Migration Service/HV99" HV01)"},
        {"a ghost elsewhere, where only the domain was searched",
         [&](auto& f) {
             f.caveat = "no global catalogue";
             f.owners.push_back(other("old", {"Hyper-V Replica Service/hv99.bay.example"}));
         },
         NameFault::ghost,
         Severity::low,
         "",
         {"Hyper-V Replica Service/hv99.bay.example"},
         {"old"},
         "what could be searched",
         "setspn -D"},
        {"a disabled account with Hyper-V's names",
         [&](auto& f) {
             NameOwner old = other("OLD$", {"Hyper-V Replica Service/OLD", migration("OLD")});
             old.enabled = false;
             f.owners.push_back(old);
         },
         NameFault::disabled,
         Severity::medium,
         "",
         {"Hyper-V Replica Service/OLD", migration("OLD")},
         {"OLD$"},
         "disabled",
         ""},
        {"another host's replica name",
         [&](auto& f) {
             lose(hv01(f), "Hyper-V Replica Service/HV01");
             f.owners.push_back(other("svc", {"Hyper-V Replica Service/HV01"}));
         },
         NameFault::elsewhere,
         Severity::medium,
         "HV01",
         {"Hyper-V Replica Service/HV01"},
         {"svc"},
         "HV01$, which should",
         "setspn -D"},
        {"an escaped name",
         [&](auto& f) { hv01(f).names.push_back("Microsoft%20Virtual/HV01"); },
         NameFault::malformed,
         Severity::medium,
         "HV01",
         {"Microsoft%20Virtual/HV01"},
         {"HV01$"},
         "the escape %20",
         ""},
        {"a blank too much, elsewhere",
         [&](auto& f) { f.owners.push_back(other("svc", {"HTTP /web"})); },
         NameFault::malformed,
         Severity::low,
         "",
         {"HTTP /web"},
         {"svc"},
         "blank beside",
         R"(setspn -D "HTTP /web" svc)"},
        {"one name in two spellings",
         [&](auto& f) { hv01(f).names.push_back("host/HV01"); },
         NameFault::twice,
         Severity::low,
         "HV01",
         {"HOST/HV01", "host/HV01"},
         {"HV01$"},
         "2 spellings",
         ""},
    };
    const Inventory estate = sample::inventory();
    for (const Row& row : rows) {
        CAPTURE(row.what);
        RegisteredNames forest = forest_of(estate);
        row.spoil(forest);
        const NameHealth health = judge_names(estate.hosts, forest);
        CAPTURE(told(health));
        REQUIRE(health.findings.size() == 1);
        const NameFinding& finding = health.findings[0];
        CHECK(finding.fault == row.fault);
        CHECK(finding.severity == row.severity);
        CHECK(finding.host == row.host);
        CHECK(finding.names == row.names);
        std::vector<std::string> holders;
        for (const NameHolder& holder : finding.holders) holders.push_back(holder.account);
        CHECK(holders == row.holders);
        const std::string said = finding.because + " " + finding.advice;
        CHECK_MESSAGE(said.find(row.says) != std::string::npos, said);
        const std::string commands = text::join(finding.commands, "\n");
        CHECK_MESSAGE((*row.command ? commands.find(row.command) != std::string::npos : commands.empty()), commands);
    }
}

TEST_CASE("a stranger's text never becomes a command") {
    const Inventory estate = sample::inventory();
    for (const char* account : {"svc\" & calc & \"", "svc`n", "$(calc)", "-X", "svc|x", "sv\nc"}) {
        CAPTURE(account);
        RegisteredNames forest = forest_of(estate);
        forest.owners.push_back(other(account, {migration("HV99"), "HTTP/x\"y "}));
        for (const NameFinding& finding : judge_names(estate.hosts, forest).findings) CHECK(finding.commands.empty());
    }
}

}  // namespace fairway::spn_words_test
