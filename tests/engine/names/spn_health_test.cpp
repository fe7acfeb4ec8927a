// What is asked about the service principal names of a forest, who is taken for whom, and how each name stands.
#include "engine/names/spn_health.hpp"

#include <doctest/doctest.h>

#include "tests/engine/names/forest.hpp"

using namespace fairway;
using namespace fairway::forest;

namespace {

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
