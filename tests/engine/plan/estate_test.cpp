// Closed paths that no rule opens, told by cause: which host, which condition, how many.
#include "engine/plan/estate.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "tests/sample.hpp"

namespace fairway::estate_test {

namespace {

using Lines = std::vector<std::string>;

// A mesh of so many hosts, all in order.
struct Estate {
    Inventory inventory;
    Snapshot snapshot;

    explicit Estate(std::size_t hosts) {
        inventory.estate = "bay";
        inventory.domains.push_back({"west", {}, {}});
        for (std::size_t i = 1; i <= hosts; ++i) {
            Host host;
            host.name = fmt::format("HV{:02}", i);
            host.dns = text::fold(host.name) + ".bay.example";
            host.domain = "west";
            inventory.domains[0].hosts.push_back(host.name);
            inventory.hosts.push_back(std::move(host));
        }
        Set names, migration;
        for (const Host& host : inventory.hosts)
            names = unite(Key::whole, names, names_of({ServiceClass::cifs, ServiceClass::migration}, host));
        for (const Host& host : inventory.hosts) {
            const auto put = [&](const Setting& row, Value value) { set(host.name, row, std::move(value)); };
            put(setting::migration_enabled, true);
            put(setting::migration_authentication, std::string("kerberos"));
            put(setting::migration_max_live, std::int64_t{2});
            put(setting::migration_networks, Set({"any"}));
            put(setting::host_addresses, Set({"10.20.0.1"}));
            put(setting::host_listeners, Set({"10.20.0.1"}));
            put(setting::host_domain, std::string("bay.example"));
            put(setting::delegation_services, names);
            put(setting::delegation_allowed_principals, Set());
            put(setting::delegation_protocol_transition, true);
            put(setting::spn_migration, names_of({ServiceClass::migration}, host));
            put(setting::account_dns_name, host.dns);
            put(setting::account_flags, Set());
        }
    }

    void set(const std::string& host, const Setting& row, Value value) {
        snapshot.readings.insert_or_assign(Address{host, &row}, Held(std::move(value)));
    }

    // "object condition paths", as an audit and as a plan find them: the same.
    Lines closed(const Desired& desired = {}) const {
        const std::vector<Finding> findings = judge(desired, snapshot);
        std::vector<Mesh> hosts = meshes(inventory, snapshot);
        const std::vector<Matrix> now = matrices(hosts);
        lay_over(hosts, changes(findings));
        const std::vector<EstateFinding> all = closed_paths(hosts, now, findings);
        CHECK(plan({}, findings, snapshot, inventory).estate_findings == all);
        Lines out;
        for (const EstateFinding& one : all)
            out.push_back(fmt::format("{} {} {}", one.object, one.condition, one.paths));
        return out;
    }
};

}  // namespace

TEST_CASE("each condition that closes paths and no rule opens is a finding") {
    struct Row {
        const Setting& setting;
        Value value;
        const char* finding;
    };
    const Row rows[] = {
        {setting::account_dns_name, std::string("other.bay.example"), "HV03 directory name 63"},
        {setting::account_flags, Set({"accountdisable"}), "HV03 accounts 126"},
        {setting::host_domain, std::string("other.example"), "HV03 domain 126"},
        {setting::host_listeners, Set(), "HV03 network 126"},
        {setting::migration_enabled, false, "HV03 migration on 126"},
        {setting::migration_max_live, std::int64_t{0}, "HV03 limit 126"},
        {setting::migration_authentication, std::string("credssp"), "HV03 authentication 126"},
        {setting::delegation_services, Set(), "HV03 delegation 63"},
        {setting::delegation_protocol_transition, false, "HV03 protocol transition 63"},
        {setting::spn_migration, Set(), "HV03 service names 63"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.finding);
        Estate estate(64);
        CHECK(estate.closed() == Lines{});
        estate.set("HV03", row.setting, row.value);
        CHECK(fmt::format("{}", fmt::join(estate.closed(), "; ")) == row.finding);
    }
}

TEST_CASE("what a rule opens, and what another finding speaks of, is not told twice") {
    Estate estate(3);
    const Address off{"HV02", &setting::migration_enabled};
    estate.set("HV02", setting::migration_enabled, false);
    CHECK(estate.closed() == Lines{"HV02 migration on 4"});
    Want on = sample::want(Comparator::equals, true);
    CHECK(estate.closed({{off, {on}}}) == Lines{});
    on.exception = "until then by me";
    CHECK(estate.closed({{off, {on}}}) == Lines{});
    // A rule that is satisfied, or that asks for something else, opens nothing.
    estate.set("HV02", setting::migration_enabled, true);
    estate.set("HV01", setting::delegation_services, Set({"ldap/dc1"}));
    const Address list{"HV01", &setting::delegation_services};
    const Want no_ldap = sample::want(Comparator::without, Set({"ldap/*"}));
    CHECK(estate.closed({{list, {no_ldap}}}) == Lines{"HV01 delegation 2"});
    estate.set("HV01", setting::delegation_services, Set());
    CHECK(estate.closed({{list, {no_ldap}}}) == Lines{"HV01 delegation 2"});
    const Want few = sample::want(Comparator::includes, names_of({ServiceClass::cifs}, estate.inventory.hosts[1]));
    CHECK(estate.closed({{list, {few}}}) == Lines{"HV01 delegation 2"});
}

TEST_CASE("many causes are one finding, few are one each") {
    Estate estate(64);
    for (const char* host : {"HV03", "HV09"}) estate.set(host, setting::account_dns_name, std::string("x"));
    CHECK(estate.closed() == Lines{"HV03 directory name 63", "HV09 directory name 63"});
    for (std::size_t i = 0; i < 32; ++i)
        estate.set(estate.inventory.hosts[i].name, setting::host_domain, std::string("other.example"));
    CHECK(estate.closed() == Lines{"HV03 directory name 63", "HV09 directory name 63", "west domain 2048"});
    for (const Host& host : estate.inventory.hosts) estate.set(host.name, setting::account_dns_name, std::string("x"));
    CHECK(estate.closed() == Lines{"west directory name 4032", "west domain 2048"});

    Estate pair(2);
    pair.set("HV02", setting::account_dns_name, std::string("x"));
    CHECK(pair.closed() == Lines{"west directory name 1"});
    Estate one(1);
    one.set("HV01", setting::account_flags, Set({"accountdisable"}));
    CHECK(one.closed() == Lines{});
}

TEST_CASE("a finding says which path, and what is to be seen there") {
    Estate estate(3);
    estate.set("HV02", setting::account_dns_name, std::string("old.bay.example"));
    const std::vector<Mesh> hosts = meshes(estate.inventory, estate.snapshot);
    const auto found = closed_paths(hosts, matrices(hosts), {});
    REQUIRE(found.size() == 1);
    CHECK(found[0].because ==
          "the condition `directory name` closes 2 paths from or to HV02, and no rule opens them; HV01 to HV02: the "
          "directory knows HV02 as old.bay.example, the inventory as hv02.bay.example");
    CHECK(severity_of(found[0].fault) == Severity::high);
    // A rollback goes back to what was, and that is not its to judge.
    PlanHeading back;
    back.purpose = Purpose::rollback;
    CHECK(plan(back, {}, estate.snapshot, estate.inventory).estate_findings.empty());
}

TEST_CASE("delegation to what nobody is called is told, value by value") {
    Estate estate(2);
    estate.inventory.hosts[0].account_domain = "bay.example";
    const std::pair<const char*, const char*> odd[] = {
        {"cifs\\HV02", "a backslash"},
        {"HV02", "no service class"},
        {"cifs/", "its host is empty"},
        {"/HV02", "service class is empty"},
        {"cifs/hv02.bay.example.", "ends with a dot"},
        {"cifs/HV\u200b02", "U+200B"},
        {"cifs/HV\u043502", "beyond ASCII"},
        {"cifs/HV02/", "nothing follows"},
        {"cifs/HV02/a/b", "4 parts"},
        {"cifs/HV02/evil.example", "its third part evil.example is no domain of the inventory"},
        {"ldap/dc01/DomainDnsZones.evil.example", "is no domain"},
    };
    std::vector<std::string> list = {"cifs/HV02",
                                     "HOST/gone01:5985",
                                     "http/10.20.0.12",
                                     "cifs/[fd00::1]",
                                     "MSSQLSvc/sql01:PAYROLL",
                                     "ldap/dc01.bay.example/bay.example",
                                     "cifs/DC01/BAY",
                                     "ldap/dc01/ForestDnsZones.bay.example"};
    estate.set("HV01", setting::delegation_services, Set(list));
    CHECK(odd_delegations(estate.inventory, estate.snapshot).empty());
    for (const auto& [value, says] : odd) {
        CAPTURE(value);
        std::vector<std::string> with = list;
        with.emplace_back(value);
        estate.set("HV01", setting::delegation_services, Set(with));
        const auto found = odd_delegations(estate.inventory, estate.snapshot);
        REQUIRE(found.size() == 1);
        CHECK(found[0].fault == EstateFault::odd_delegation);
        CHECK(found[0].object == "HV01");
        CHECK_MESSAGE(found[0].because.find(says) != std::string::npos, found[0].because);
    }
}

TEST_CASE("a rule about peers is none for a host without them, and that is told") {
    Policy policy;
    policy.rules.push_back(
        {.id = "delegation", .why = "w", .severity = Severity::high, .select = {}, .wants = {}, .where = {}});
    policy.rules[0].wants.push_back(
        {.setting = &setting::delegation_services,
         .comparator = Comparator::includes,
         .operand = ComputedNames{.services = {ServiceClass::cifs}, .of = Of::peers, .also = {}},
         .where = {}});
    Inventory inventory = Estate(3).inventory;
    CHECK(without_peers(policy, inventory, 0).empty());
    inventory.hosts[2].domain.clear();
    auto found = without_peers(policy, inventory, 0);
    REQUIRE(found.size() == 1);
    CHECK(found[0].object == "HV03");
    CHECK(found[0].because.find(
              "rule `delegation` asks for its peers, and it has none, because it is in no migration domain") == 0);
    inventory.hosts[2].domain = "alone";
    CHECK(without_peers(policy, inventory, 0)[0].because.find("alone in migration domain alone") != std::string::npos);
    for (Host& host : inventory.hosts) host.domain.clear();
    CHECK(without_peers(policy, inventory, 0).size() == 3);

    policy.exceptions.push_back({.host = "hv03",
                                 .setting = &setting::delegation_services,
                                 .rule = {},
                                 .owner = {},
                                 .reason = {},
                                 .until = 10,
                                 .until_text = {},
                                 .where = {}});
    CHECK(without_peers(policy, inventory, 9).size() == 2);
    CHECK(without_peers(policy, inventory, 10).size() == 3);
    policy.rules[0].select = {Select::By::name, "HV01"};
    CHECK(without_peers(policy, inventory, 0).size() == 1);
    policy.rules[0].wants[0].operand = PeerAccounts{};
    CHECK(without_peers(policy, inventory, 0).size() == 1);
    policy.rules[0].wants[0].operand = ComputedNames{.services = {ServiceClass::cifs}, .of = Of::self, .also = {}};
    CHECK(without_peers(policy, inventory, 0).empty());
}

}  // namespace fairway::estate_test
