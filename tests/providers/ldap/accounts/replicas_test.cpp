// Who takes part in replication, and what each of them has heard: over servers in memory, with their troubles.
#include "providers/ldap/accounts/replicas.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "tests/providers/ldap/hex.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::replicas_test {

namespace {

const std::string context = "DC=corp,DC=example", configuration = "CN=Configuration," + context;
const std::string sites = "CN=Sites," + configuration;
const char* const first_id = "11111111-1111-1111-1111-111111111111";
const Address services{"HV01", &setting::delegation_services}, trust{"HV01", &setting::delegation_unconstrained};
const std::vector<Address> both{services, trust};

std::string id_of(char digit) { return from_hex(std::string(32, digit)); }
std::string server_dn(const std::string& name) { return "CN=" + name + ",CN=Servers,CN=Here," + sites; }
std::string settings_dn(const std::string& name) { return "CN=NTDS Settings," + server_dn(name); }

// A blob with one stamp of msDS-AllowedToDelegateTo, of that version.
std::string blob(char version) {
    return from_hex("01000000 00000000 01000000 00000000 fb060900 0" + std::string(1, version) +
                    "000000 cdf0132103000000 11111111111111111111111111111111 610f000000000000 620f000000000000");
}

void add_server(Server& at, const std::string& name, char digit, const std::string& domain = context,
                const std::string& dns = {}) {
    at.add(server_dn(name), {{"objectClass", {"server"}},
                             {"dNSHostName", {dns.empty() ? name + ".Corp.Example" : dns}},
                             {"serverReference", {"CN=" + name + ",OU=Domain Controllers," + domain}}});
    at.add(settings_dn(name), {{"objectClass", {"nTDSDSA"}}, {"invocationId", {id_of(digit)}}});
}

struct Forest {
    std::map<std::string, Server> servers;  // by the names they are dialled by
    Inventory inventory;

    Forest() {
        inventory.directories.resize(1);
        inventory.directories[0].domain = "corp.example";
        for (const char* name : {"dc01.corp.example", "dc02.corp.example"}) {
            add_server(servers[name], "DC01", '1');
            add_server(servers[name], "DC02", '2');
            servers[name].add_computer("HV01", {{"replPropertyMetaData", {blob('3')}}});
        }
    }
    Server& own() { return servers.at("dc01.corp.example"); }
    Server& other() { return servers.at("dc02.corp.example"); }

    DirectoryReplicas replicas() {
        Root root;
        root.dns_name = "dc01.corp.example";
        root.default_context = context;
        root.configuration_context = configuration;
        root.server_object = settings_dn("DC01");
        const auto dial = [this](const Directory&, const std::string& name) -> Result<std::unique_ptr<ReadWire>> {
            const auto it = servers.find(name);
            if (it == servers.end() || it->second.unreachable) return fail(Code::unreachable, "no " + name);
            ++it->second.dials;
            return std::make_unique<ServerWire>(it->second);
        };
        std::vector<Domain<ReadWire>> domains;
        domains.push_back(
            {std::make_shared<Controller>(Controller{"corp.example", "dc01.corp.example", root, first_id}),
             std::make_shared<Line<ReadWire>>(
                 [=, this] { return dial(inventory.directories[0], "dc01.corp.example"); })});
        return {inventory, Domains(std::move(domains)), dial};
    }
};

std::vector<std::string> names(const std::vector<Holder>& holders) {
    std::vector<std::string> out;
    for (const Holder& holder : holders) out.push_back(holder.replica.server + (holder.own ? " own" : ""));
    return out;
}

}  // namespace

TEST_CASE("the configuration names all controllers of the domain, the own one first") {
    Forest forest;
    DirectoryReplicas replicas = forest.replicas();
    const auto all = replicas.all().value();
    CHECK(names(all) == std::vector<std::string>{"dc01.corp.example own", "dc02.corp.example"});
    CHECK(all[0].replica.id == first_id);
    CHECK(all[1].replica.id == "22222222-2222-2222-2222-222222222222");
    CHECK(all[1].replica.domain == "corp.example");
    CHECK(forest.other().dials == 0);
}

TEST_CASE("others' domains and former controllers are left out, and nobody else") {
    Forest forest;
    add_server(forest.own(), "DC03", '3', "DC=child," + context);
    add_server(forest.own(), "DC04", '4');
    forest.own().objects.erase(settings_dn("DC04"));
    add_server(forest.own(), "DC05", '5', "dc=CORP,dc=example");
    // A name that only looks like the domain's, and one without a DNS name.
    add_server(forest.own(), "DC06", '6', R"(CN=x\,DC=corp,DC=elsewhere)");
    add_server(forest.own(), "DC07", '7');
    forest.own().objects.at(server_dn("DC07")).erase("dNSHostName");
    DirectoryReplicas replicas = forest.replicas();
    const auto found = names(replicas.all().value());
    CHECK(found.size() == 4);
    CHECK(std::count(found.begin(), found.end(), "dc05.corp.example") == 1);
    // It cannot be dialled, but it is not forgotten.
    CHECK(std::count_if(found.begin(), found.end(), [](const auto& one) { return one.starts_with("cn=dc07,"); }) == 1);
}

TEST_CASE("a server of the inventory under a name that the configuration does not know") {
    Forest forest;
    forest.inventory.directories[0].servers = {"DC01.corp.example", "alias.corp.example", "gone.corp.example"};
    forest.servers["alias.corp.example"] = forest.other();
    forest.servers["alias.corp.example"].objects[""] = {{"defaultNamingContext", {context}},
                                                        {"configurationNamingContext", {configuration}},
                                                        {"dnsHostName", {"dc02.corp.example"}},
                                                        {"dsServiceName", {settings_dn("DC02")}}};
    DirectoryReplicas replicas = forest.replicas();
    CHECK(names(replicas.all().value()) ==
          std::vector<std::string>{"dc01.corp.example own", "dc02.corp.example", "gone.corp.example"});
}

TEST_CASE("stamps come from the replica that is asked, over one connection each") {
    Forest forest;
    forest.other().computer("HV01")["replPropertyMetaData"] = {blob('2')};
    DirectoryReplicas replicas = forest.replicas();
    const auto all = replicas.all().value();
    for (int times = 0; times < 2; ++times) {
        const auto own = replicas.stamps(all[0].replica, both).value();
        CHECK(own.at(services).value() == ChangeStamp{3, own.at(services).value()->time, first_id, 3937});
        CHECK(own.at(trust).value() == std::nullopt);
        CHECK(replicas.stamps(all[1].replica, both).value().at(services).value()->version == 2);
    }
    CHECK(forest.other().dials == 1);
    CHECK(forest.other().requests == 2);
}

TEST_CASE("one that cannot be reached is an error, and is tried again") {
    Forest forest;
    forest.other().unreachable = true;
    DirectoryReplicas replicas = forest.replicas();
    const auto all = replicas.all().value();
    CHECK(replicas.stamps(all[1].replica, both).error().code == Code::unreachable);
    forest.other().unreachable = false;
    CHECK(replicas.stamps(all[1].replica, both));
    CHECK(replicas.stamps({"elsewhere.example", "dc09", ""}, both).error().code == Code::bad_input);
}

TEST_CASE("without the blob the other form is asked for; without both it is said that they are hidden") {
    Forest forest;
    forest.own().computer("HV01").erase("replPropertyMetaData");
    DirectoryReplicas replicas = forest.replicas();
    const Replica own = replicas.all().value()[0].replica;
    CHECK(replicas.stamps(own, both).value().at(services).error().code == Code::denied);
    forest.own().computer("HV01")["msDS-ReplAttributeMetaData"] = {
        "<DS_REPL_ATTR_META_DATA><pszAttributeName>msDS-AllowedToDelegateTo</pszAttributeName><dwVersion>7</dwVersion>"
        "<ftimeLastOriginatingChange>2026-11-22T21:34:07Z</ftimeLastOriginatingChange>"
        "<uuidLastOriginatingDsaInvocationID>11111111-1111-1111-1111-111111111111</uuidLastOriginatingDsaInvocationID>"
        "<usnOriginatingChange>5</usnOriginatingChange><usnLocalChange>6</usnLocalChange></DS_REPL_ATTR_META_DATA>"};
    CHECK(replicas.stamps(own, both).value().at(services).value()->version == 7);
}

TEST_CASE("an account that is not there yet, and a blob that makes no sense, are errors of their addresses") {
    Forest forest;
    forest.own().computer("HV01")["replPropertyMetaData"] = {"nonsense"};
    DirectoryReplicas replicas = forest.replicas();
    const Replica own = replicas.all().value()[0].replica;
    const Address absent{"HV09", &setting::delegation_services};
    const auto stamps = replicas.stamps(own, std::vector<Address>{services, absent}).value();
    CHECK(stamps.at(services).error().code == Code::protocol);
    CHECK(stamps.at(absent).error().code == Code::not_found);
}

}  // namespace fairway::ldap::replicas_test
