// What is told of the service principal names of a forest: every kind of fault once, and laws on drawn forests.
#include "engine/plan/spn_health.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <set>

#include "engine/base/text.hpp"
#include "engine/model/service_names.hpp"
#include "tests/sample.hpp"

using namespace fairway;

namespace {

std::string migration(std::string_view host) { return std::string(migration_service) + "/" + std::string(host); }

// As a join and the first start of Hyper-V leave an account.
NameOwner account_of(const Host& host) {
    NameOwner out{.dn = "CN=" + host.name + ",DC=bay,DC=example",
                  .account = host.name + "$",
                  .dns = host.dns,
                  .object_class = "computer",
                  .names = {}};
    for (const std::string& name : {host.name, host.dns}) {
        out.names.push_back("HOST/" + name);
        out.names.push_back("RestrictedKrbHost/" + name);
        for (const std::string_view service_class : hyperv_classes())
            out.names.push_back(std::string(service_class) + "/" + name);
    }
    return out;
}

RegisteredNames forest_of(const Inventory& estate) {
    RegisteredNames out;
    out.source = "dc01.bay.example";
    out.aliases = {{"host", {"alerter", "cifs", "http"}}};
    for (const Host& host : estate.hosts) out.owners.push_back(account_of(host));
    return out;
}

NameOwner other(std::string account, std::vector<std::string> names) {
    return {.dn = "CN=" + account + ",OU=Others,DC=bay,DC=example",
            .account = account,
            .dns = {},
            .object_class = "user",
            .names = std::move(names)};
}

NameOwner& hv01(RegisteredNames& forest) { return forest.owners[0]; }

void lose(NameOwner& owner, const std::string& name) {
    const std::size_t before = owner.names.size();
    std::erase(owner.names, name);
    REQUIRE(owner.names.size() + 1 == before);
}

std::string told(const NameHealth& health) {
    std::string out;
    for (const NameFinding& f : health.findings)
        out += std::string(name(f.fault)) + " " + f.host + " " + text::join(f.names, ",") + ": " + f.because + "\n";
    return out;
}

NameState state(const NameHealth& health, std::size_t host, const std::string& name) {
    for (const NeededName& needed : health.hosts.at(host).names)
        if (needed.name == name) return needed.state;
    FAIL("no such name: " << name);
    return {};
}

}  // namespace

TEST_CASE("an estate in order has nothing to tell, and cifs is served by HOST") {
    const Inventory estate = sample::inventory();
    const NameHealth health = judge_names(estate.hosts, forest_of(estate));
    CHECK_MESSAGE(health.findings.empty(), told(health));
    REQUIRE(health.hosts.size() == 3);
    CHECK(health.hosts[0].dn == "CN=HV01,DC=bay,DC=example");
    CHECK(state(health, 0, migration("HV01")) == NameState::registered);
    CHECK(state(health, 0, "HOST/hv01.bay.example") == NameState::registered);
    CHECK(state(health, 0, "cifs/HV01") == NameState::aliased);
    CHECK(state(health, 0, "HTTP/hv01.bay.example") == NameState::aliased);
    CHECK(health.hosts[0].names.at(4).by == "HOST/HV01");
}

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

TEST_CASE("what serves a name says how it stands") {
    const Inventory estate = sample::inventory();
    RegisteredNames forest = forest_of(estate);
    lose(hv01(forest), "HOST/HV01");
    NameHealth health = judge_names(estate.hosts, forest);
    CHECK(state(health, 0, "cifs/HV01") == NameState::missing);
    CHECK(state(health, 0, "cifs/hv01.bay.example") == NameState::aliased);
    forest.owners.push_back(other("svc", {"HOST/HV01"}));
    health = judge_names(estate.hosts, forest);
    CHECK(state(health, 0, "cifs/HV01") == NameState::elsewhere);
    hv01(forest).names.push_back("HOST/HV01");
    health = judge_names(estate.hosts, forest);
    CHECK(state(health, 0, "cifs/HV01") == NameState::duplicate);
    // A forest without aliases serves nothing through HOST.
    RegisteredNames bare = forest_of(estate);
    bare.aliases.clear();
    CHECK(state(judge_names(estate.hosts, bare), 1, "cifs/HV02") == NameState::missing);
    hv01(bare).names.push_back("cifs/HV01");
    CHECK(state(judge_names(estate.hosts, bare), 0, "cifs/HV01") == NameState::registered);
}

TEST_CASE("a computer is known by its short, full and additional names, and by its label while it has no full name") {
    const Inventory estate = sample::inventory();
    RegisteredNames forest = forest_of(estate);
    NameOwner young = other("NEW$", {migration("NEW"), migration("new.bay.example")});
    forest.owners.push_back(young);
    NameOwner twin = other("TWIN$", {"HOST/alias.bay.example", migration("alias.bay.example"), migration("TWIN")});
    twin.dns = "twin.bay.example";
    forest.owners.push_back(twin);
    const NameHealth health = judge_names(estate.hosts, forest);
    CHECK_MESSAGE(health.findings.empty(), told(health));
}

TEST_CASE("hosts are asked for by the names that they need, and strangers before they are called ghosts") {
    Inventory estate = sample::inventory();
    estate.hosts.resize(1);
    estate.hosts[0].reach.service = "WSMAN";
    NameQuestion question = question_about(estate.hosts, false);
    CHECK(question.accounts == std::vector<std::string>{"HV01$"});
    CHECK(question.names == std::vector<std::string>{migration("HV01"), migration("hv01.bay.example"), "HOST/HV01",
                                                     "HOST/hv01.bay.example", "cifs/HV01", "cifs/hv01.bay.example",
                                                     "WSMAN/hv01.bay.example"});
    CHECK(question.classes.empty());
    CHECK(question_about(estate.hosts, true).classes.size() == 3);
    estate.hosts[0].reach.authentication = HostAuthentication::ntlm;
    CHECK(question_about(estate.hosts, false).names.size() == 6);

    RegisteredNames forest = forest_of(estate);
    CHECK(further_question(forest).empty());
    hv01(forest).names.push_back(migration("a-name-longer-than-15.bay.example"));
    hv01(forest).names.push_back(migration("HV99"));
    hv01(forest).names.push_back(migration("HV 98"));
    hv01(forest).names.push_back("MSSQLSvc/HV97");
    question = further_question(forest);
    CHECK(question.accounts == std::vector<std::string>{"a-name-longer-t$", "hv99$"});
    CHECK(question.names == std::vector<std::string>{"HOST/a-name-longer-than-15.bay.example", "HOST/hv99"});
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

TEST_CASE("laws of drawn forests") {
    const Inventory estate = sample::inventory();
    CHECK(rc::check("whoever holds a name with others is named, and nobody else", [&] {
        RegisteredNames forest = forest_of(estate);
        const auto some_name =
            rc::gen::element<std::string>("HOST/HV01", "host/hv01", "cifs/HV01", "Cifs/hv01", "cifs/hv02.bay.example",
                                          migration("HV03"), "MSSQLSvc/a", "mssqlsvc/A", "HTTP/hv03.bay.example");
        const auto many = *rc::gen::inRange<std::size_t>(0, 5);
        for (std::size_t i = 0; i < many; ++i)
            forest.owners.push_back(
                other("svc" + std::to_string(i), *rc::gen::container<std::vector<std::string>>(some_name)));
        std::map<std::string, std::set<std::string>> truth;
        for (const NameOwner& owner : forest.owners)
            for (const std::string& name : owner.names) truth[text::fold(name)].insert(owner.account);
        std::map<std::string, std::set<std::string>> said;
        for (const NameFinding& finding : judge_names(estate.hosts, forest).findings) {
            if (finding.fault != NameFault::duplicate) continue;
            for (const std::string& name : finding.names) {
                RC_ASSERT(!said.contains(text::fold(name)));
                for (const NameHolder& holder : finding.holders) said[text::fold(name)].insert(holder.account);
            }
        }
        std::erase_if(truth, [](const auto& one) { return one.second.size() < 2; });
        RC_ASSERT(said == truth);
    }));
    CHECK(rc::check("a healthy estate has no findings, and one lost name is one finding", [&] {
        Inventory drawn;
        const auto many = *rc::gen::inRange<std::size_t>(1, 30);
        for (std::size_t i = 0; i < many; ++i) {
            Host host;
            host.name = "N" + std::to_string(i);
            host.dns = text::fold(host.name) + (*rc::gen::arbitrary<bool>() ? ".bay.example" : ".sea.bay.example");
            drawn.hosts.push_back(host);
        }
        RegisteredNames forest = forest_of(drawn);
        RC_ASSERT(judge_names(drawn.hosts, forest).findings.empty());
        RC_ASSERT(further_question(forest).empty());
        const auto whom = *rc::gen::inRange<std::size_t>(0, many);
        const Host& host = drawn.hosts[whom];
        const std::string name = *rc::gen::element(migration(host.name), migration(host.dns), "HOST/" + host.name);
        std::erase(forest.owners[whom].names, name);
        const NameHealth health = judge_names(drawn.hosts, forest);
        RC_ASSERT(health.findings.size() == 1u);
        RC_ASSERT(health.findings[0].fault == NameFault::missing);
        RC_ASSERT(health.findings[0].names == std::vector<std::string>{name});
        RC_ASSERT(health.findings[0].host == host.name);
    }));
    CHECK(rc::check("the order in which a server tells is nothing", [&] {
        RegisteredNames forest = forest_of(estate);
        forest.owners.push_back(other("svc", {"cifs/HV01", "HOST/HV02", "x y", migration("HV99"), migration("hv99")}));
        forest.owners.push_back(other("SVC2", {"HOST/hv02", "host/HV02", "Hyper-V Replica Service/HV99"}));
        lose(hv01(forest), "HOST/HV01");
        const std::string first = told(judge_names(estate.hosts, forest));
        const auto turns = *rc::gen::container<std::vector<std::size_t>>(20, rc::gen::inRange<std::size_t>(0, 5));
        for (std::size_t i = 0; i + 1 < turns.size(); i += 2) {
            std::swap(forest.owners[turns[i]], forest.owners[turns[i + 1]]);
            auto& names = forest.owners[turns[i]].names;
            std::rotate(names.begin(), names.begin() + 1, names.end());
        }
        RC_ASSERT(told(judge_names(estate.hosts, forest)) == first);
    }));
    CHECK(rc::check("any bytes at all are judged, and shown as text", [&](const std::string& bytes) {
        RegisteredNames forest = forest_of(estate);
        forest.owners.push_back(other("svc", {bytes, "cifs/" + bytes, migration(bytes)}));
        const NameHealth health = judge_names(estate.hosts, forest);
        const NameQuestion further = further_question(forest);
        RC_ASSERT(health.hosts.size() == 3u);
        for (const std::string& asked : further.names) RC_ASSERT(text::is_clean_utf8(asked));
    }));
}
