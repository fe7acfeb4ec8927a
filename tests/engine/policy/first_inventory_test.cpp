// Which computers a first inventory lists, which it leaves out and why, and which of them it puts together.
#include "engine/policy/first_inventory.hpp"

#include <doctest/doctest.h>

#include "engine/base/text.hpp"

namespace fairway::first_inventory_test {

namespace {

constexpr std::int64_t day = 86'400, now = 20'000 * day;
const std::string hyperv = "microsoft virtual system migration service", node = "msserverclustermgmtapi";
const std::string ou = "OU=Hyper-V,DC=corp,DC=example", other = "OU=Rack\\, B,DC=corp,DC=example";

SeenComputer computer(const std::string& name, const std::string& container = ou) {
    SeenComputer out;
    out.is = {name + "$", text::fold(name) + ".corp.example", "CN=" + name + "," + container};
    out.signed_on = now - 10 * day;
    out.classes = {hyperv, "host"};
    return out;
}

FirstInventory first(const std::vector<SeenComputer>& seen) { return first_inventory(seen, "corp.example", now); }

}  // namespace

TEST_CASE("what makes an account no host is said, and what is only odd is a remark") {
    struct Row {
        void (*make)(SeenComputer&);
        bool host;
        std::vector<std::string> because;
    };
    const Row rows[] = {
        {[](SeenComputer&) {}, true, {}},
        {[](SeenComputer& one) { one.classes = {"microsoft virtual console service"}; }, true, {}},
        {[](SeenComputer& one) { one.classes = {"host"}; },
         false,
         {"has no service principal name of Hyper-V: is it a host?"}},
        {[](SeenComputer& one) { one.disabled = true; }, false, {"is disabled"}},
        {[](SeenComputer& one) { one.signed_on = now - 90 * day; }, true, {}},
        {[](SeenComputer& one) { one.signed_on = now - 91 * day; }, false, {"signed on 91 days ago for the last time"}},
        {[](SeenComputer& one) { one.signed_on.reset(); },
         true,
         {"when it signed on is not known: is it still there?"}},
        {[](SeenComputer& one) { one.controller = true; },
         false,
         {"is a domain controller: list it with `domain_controller: true` if it is meant"}},
        {[](SeenComputer& one) { one.is.dns = "hv07.corp.example"; }, false, {"says that it is hv07.corp.example"}},
        {[](SeenComputer& one) { one.is.dns = "hv01.x y"; }, false, {"says that it is hv01.x y"}},
        {[](SeenComputer& one) { one.is.dns = "HV01.Lab.Example"; }, true, {"its full name is what its account says"}},
        {[](SeenComputer& one) { one.is.dns.clear(); },
         false,
         {"has no dNSHostName: no computer has joined with it yet, or the attribute is hidden from us"}},
        {[](SeenComputer& one) { one.is.trouble = "cannot be read: x"; }, false, {"cannot be read: x"}},
    };
    for (const Row& row : rows) {
        CAPTURE(&row - rows);
        std::vector<SeenComputer> seen = {computer("HV01")};
        row.make(seen[0]);
        const FirstInventory out = first(seen);
        REQUIRE(out.computers.size() == 1);
        CHECK(out.computers[0].host == row.host);
        CHECK(out.computers[0].because == row.because);
        CHECK(out.computers[0].container == ou);
    }
}

TEST_CASE("a full name that is not of the domain is written out; one that two accounts claim is nobody's") {
    std::vector<SeenComputer> seen = {computer("HV01"), computer("HV02")};
    seen[0].is.dns = "HV01.lab.example";
    CHECK(first(seen).computers[0].dns == "hv01.lab.example");
    CHECK(first(seen).computers[1].dns.empty());
    seen[1].is.dns = "hv01.lab.example";
    for (const Candidate& one : first(seen).computers) CHECK_FALSE(one.host);
    seen[0].is.dns = "hv01.corp.example";  // its own name is not taken from it by a claim
    seen[1].is.dns = "hv01.corp.example";
    CHECK(first(seen).computers[0].host);
    CHECK_FALSE(first(seen).computers[1].host);
}

TEST_CASE("migration domains by container; the nodes of its one cluster apart") {
    std::vector<SeenComputer> seen = {
        computer("HV02"),        computer("HV01"),        computer("HV10", other),         computer("HV11", other),
        computer("HV12", other), computer("HV13", other), computer("LONE", "CN=Computers")};
    for (std::size_t i : {4u, 5u}) seen[i].classes.insert(node);
    FirstInventory out = first(seen);
    REQUIRE(out.domains.size() == 2);
    CHECK(out.domains[0].name == "hyper-v");
    CHECK(out.domains[0].hosts == std::vector<std::string>{"HV01", "HV02"});
    CHECK(out.domains[1].name == "rack-b");
    CHECK(out.domains[1].hosts.size() == 4);
    SeenComputer cluster = computer("CLU01", other);
    cluster.classes = {"msclustervirtualserver", node};
    seen.push_back(cluster);
    out = first(seen);
    REQUIRE(out.domains.size() == 3);
    CHECK(out.domains[1].name == "rack-b");
    CHECK(out.domains[1].hosts == std::vector<std::string>{"HV10", "HV11"});
    CHECK(out.domains[2].name == "clu01");
    CHECK(out.domains[2].hosts == std::vector<std::string>{"HV12", "HV13"});
    CHECK(out.clusters == std::vector<std::string>{"CLU01$ in " + other});
    cluster.is.account = "CLU02$";  // whose nodes they are is then not known
    seen.push_back(cluster);
    CHECK(first(seen).domains.size() == 2);
    cluster.is.account = "ROLE$";  // of a cluster, and no cluster
    cluster.classes = {"msclustervirtualserver"};
    seen[8] = cluster;
    CHECK(first(seen).domains.size() == 3);
}

TEST_CASE("containers of one name make two domains, and hostile names none that an inventory refuses") {
    const std::vector<SeenComputer> seen = {computer("A1", "OU=x,OU=1"),    computer("A2", "OU=x,OU=1"),
                                            computer("B1", "OU=x,OU=2"),    computer("B2", "OU=x,OU=2"),
                                            computer("C1", "OU=\n: #\x1b"), computer("C2", "OU=\n: #\x1b")};
    const FirstInventory out = first(seen);
    REQUIRE(out.domains.size() == 3);
    CHECK(out.domains[0].name == "domain");
    CHECK(out.domains[1].name == "x");
    CHECK(out.domains[2].name == "x-2");
}

}  // namespace fairway::first_inventory_test
