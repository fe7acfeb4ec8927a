// Laws of the service principal names of drawn forests.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

#include "tests/engine/names/forest.hpp"

using namespace fairway;
using namespace fairway::forest;

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
