// What is asked about the service principal names of a forest, who is taken for whom, and how each name stands.
#include "engine/names/spn_health.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <set>

#include "tests/engine/names/forest.hpp"

namespace fairway::spn_health_test {

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
            host.dns = text::fold(host.name) + (*rc::gen::arbitrary<bool>() ? ".bay.example" : ".west.bay.example");
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

}  // namespace fairway::spn_health_test
