// Who is a host, which full name of it counts, and what is written of one that is in doubt?
#include "engine/plan/identity.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "tests/sample.hpp"

namespace fairway::identity_test {
namespace {

const Set services = Set({"cifs", "migration"});

RuleWant wants(const Setting& setting, Comparator comparator, Operand operand) {
    return {&setting, comparator, std::move(operand), {9, 7}};
}

Policy standard() {
    const ComputedNames peers{{ServiceClass::cifs, ServiceClass::migration}, Of::peers, {}};
    const ComputedNames own{{ServiceClass::migration}, Of::self, {}};
    Policy policy;
    policy.file = "policy.yaml";
    policy.rules = {{.id = "r",
                     .why = "w",
                     .severity = {},
                     .select = {},
                     .wants = {wants(setting::delegation_services, Comparator::includes, peers),
                               wants(setting::delegation_protocol_transition, Comparator::equals, Value(true)),
                               wants(setting::delegation_allowed_principals, Comparator::includes, PeerAccounts{}),
                               wants(setting::spn_migration, Comparator::includes, own)},
                     .where = {7, 3}}};
    return policy;
}

// HV01 lacks everything; of HV02's and HV03's names the directory says what `own` says.
struct Bay {
    Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();

    Bay() {
        sample::set(snapshot, "HV01", setting::delegation_services, Set());
        for (const Host& host : inventory.hosts) own(host.name.c_str(), needed_of(host));
    }
    void own(const char* host, const Set& names) {
        sample::set(snapshot, host, setting::account_own_names, names);
        sample::set(snapshot, host, setting::account_uncontested_names, names);
    }
    Host& host(const char* name) {
        for (Host& one : inventory.hosts)
            if (one.name == name) return one;
        throw name;
    }
    std::vector<Finding> findings() const {
        const auto desired = desire(standard(), inventory, 0);
        const auto again = desire(standard(), inventory, 0, doubts(inventory, *desired, snapshot));
        REQUIRE(again.has_value());
        return judge(*again, snapshot);
    }
    Plan plan() const { return fairway::plan({}, findings(), snapshot, inventory); }
    std::optional<Change> change() const {  // of HV01's list
        for (const Phase& phase : plan().phases)
            for (const Change& one : phase.changes)
                if (one.address == Address{"HV01", &setting::delegation_services}) return one;
        return std::nullopt;
    }
    Set added() const {
        const auto one = change();
        return one ? *as_set(one->after) : Set();
    }
    std::string unknown(const char* object, const Setting& setting) const {
        for (const Finding& finding : findings())
            if (finding.address == Address{object, &setting} && finding.verdict == Verdict::unknown)
                return finding.because;
        return {};
    }
};

Set both(const Bay& bay) {
    return unite(Key::whole, needed_of(bay.inventory.hosts[1]), needed_of(bay.inventory.hosts[2]));
}

}  // namespace

TEST_CASE("identity: the full name that counts") {
    Host host = sample::inventory().hosts[0];
    const Set suffixes({"servers.example"});
    struct Row {
        const char *declared, *registered;
        bool allowed;
        const char* counts;  // "": none does
    };
    const Row rows[] = {
        {nullptr, "HV01.Bay.Example", false, "hv01.bay.example"},
        {nullptr, "hv01.servers.example", true, "hv01.servers.example"},
        {nullptr, "hv01.servers.example", false, ""},
        {nullptr, "dc01.bay.example", true, ""},
        {nullptr, "hv011.servers.example", true, ""},
        {nullptr, "hv01xservers.example", true, ""},
        {nullptr, "hv01.bay.example.", true, ""},
        {nullptr, "", true, ""},
        {"hv01.elsewhere.example", "hv01.elsewhere.example", false, "hv01.elsewhere.example"},
        {"long-name-of-hv01.bay.example", "long-name-of-hv01.bay.example", false, "long-name-of-hv01.bay.example"},
        {"hv01.elsewhere.example", "hv01.bay.example", true, ""},
        {"hv01.elsewhere.example", "hv01.servers.example", true, ""},
    };
    for (const Row& row : rows) {
        INFO(row.registered);
        host.dns_declared = row.declared != nullptr;
        host.dns = row.declared ? row.declared : "hv01.bay.example";
        const auto name = full_name(host, row.registered, row.allowed ? &suffixes : nullptr);
        CHECK(name.has_value() == (std::string(row.counts) != ""));
        if (name) CHECK(*name == row.counts);
        else CHECK(name.error().code == Code::refused);
    }
}

TEST_CASE("identity: to allow a suffix is advised only where that helps") {
    Host host = sample::inventory().hosts[0];
    const auto advises = [&](const char* registered) {
        const auto name = full_name(host, registered, nullptr);
        REQUIRE_FALSE(name);
        CHECK(name.error().text.find(fmt::format("write `dns: {}` for HV01", registered)) != std::string::npos);
        return name.error().text.find("msDS-AllowedDNSSuffixes") != std::string::npos;
    };
    CHECK(advises("hv01.servers.example"));
    for (const char* other :
         {"long-name-of-hv01.bay.example", "dc01.bay.example", "bay.example", "hv01", "hv01.", "hv0"})
        CHECK_FALSE(advises(other));
    host.dns_declared = true;
    CHECK_FALSE(advises("hv01.servers.example"));
}

TEST_CASE("identity: in order, names are granted and rest on whose they are") {
    Bay bay;
    for (const char* host : {"HV01", "HV02", "HV03"})
        sample::set(bay.snapshot, host, setting::account_sid, std::string("S-1-5-21-1-2-3-") + host[3]);
    CHECK(bay.added() == both(bay));
    const Change change = bay.change().value();
    for (const char* named : {"HV01", "HV02", "HV03"}) CHECK(change.premises.about({named, &setting::account_sid}));
    for (const char* peer : {"HV02", "HV03"}) CHECK(change.premises.about({peer, &setting::account_own_names}));
    CHECK_FALSE(change.premises.about({"HV01", &setting::account_own_names}));
}

TEST_CASE("identity: a name that is somebody else's is left out, and the others are granted") {
    Bay bay;
    bay.own("HV02", subtract(Key::whole, needed_of(bay.inventory.hosts[1]), Set({"cifs/hv02.bay.example"})));
    CHECK(bay.added() == subtract(Key::whole, both(bay), Set({"cifs/hv02.bay.example"})));
    const std::string because = bay.unknown("HV01", setting::delegation_services);
    CHECK_MESSAGE(because.find("the directory does not give cifs/hv02.bay.example to HV02$ alone") == 0, because);
    CHECK(because.find("fairway spn HV02") != std::string::npos);
}

TEST_CASE("identity: a name that nobody holds is granted if the same plan gives it to its host") {
    Bay bay;
    const Set names = needed_of(bay.inventory.hosts[1]);
    const Set migration = names_of({ServiceClass::migration}, bay.inventory.hosts[1]);
    sample::set(bay.snapshot, "HV02", setting::spn_migration, Set());
    sample::set(bay.snapshot, "HV02", setting::account_own_names, subtract(Key::whole, names, migration));
    sample::set(bay.snapshot, "HV02", setting::account_uncontested_names, names);
    CHECK(bay.added() == both(bay));
    const auto premises = bay.change().value().premises;
    const Premise* coming = premises.about({"HV02", &setting::account_uncontested_names});
    REQUIRE(coming != nullptr);
    CHECK(coming->holds == Held(Value(migration)));
    // cifs is given by no rule: it is nobody's, and stays so.
    sample::set(bay.snapshot, "HV02", setting::account_own_names, Set());
    CHECK(bay.added() == subtract(Key::whole, both(bay), subtract(Key::whole, names, migration)));
    CHECK(bay.unknown("HV01", setting::delegation_services).find("nobody in the forest holds cifs/HV02") == 0);
}

TEST_CASE("identity: a contradiction stops every want that uses the name, and nothing else") {
    Bay bay;
    sample::set(bay.snapshot, "HV02", setting::account_dns_name, std::string("dc01.bay.example"));
    CHECK(bay.added() == needed_of(bay.inventory.hosts[2]));
    for (const auto& [object, setting] : std::vector<std::pair<const char*, const Setting*>>{
             {"HV01", &setting::delegation_services},
             {"HV03", &setting::delegation_services},  // though it is all there: by whose name?
             {"HV02", &setting::spn_migration}})
        CHECK(bay.unknown(object, *setting).find("write `dns: dc01.bay.example` for HV02") != std::string::npos);
    CHECK(bay.unknown("HV02", setting::delegation_services).empty());
    CHECK(bay.unknown("HV02", setting::delegation_protocol_transition).empty());
}

TEST_CASE("identity: an allowed suffix gives the host its name") {
    Bay bay;
    sample::set(bay.snapshot, "HV02", setting::account_dns_name, std::string("hv02.servers.example"));
    CHECK(suffix_questions(bay.inventory, bay.snapshot) ==
          std::vector<Address>{{"HV02", &setting::account_dns_suffixes}});
    sample::set(bay.snapshot, "HV02", setting::account_dns_suffixes, Set({"servers.example"}));
    bay.inventory = with_full_names(bay.inventory, bay.snapshot);
    CHECK(bay.host("HV02").dns == "hv02.servers.example");
    bay.own("HV02", needed_of(bay.host("HV02")));
    CHECK(bay.added().contains("cifs/hv02.servers.example"));
    CHECK_FALSE(bay.added().contains("cifs/hv02.bay.example"));
}

TEST_CASE("identity: nothing of a domain controller is written unless the inventory says that it is one") {
    for (const char* flag : {"server_trust_account", "partial_secrets_account"}) {
        Bay bay;
        sample::set(bay.snapshot, "HV02", setting::account_flags, Set({flag}));
        sample::set(bay.snapshot, "HV02", setting::delegation_protocol_transition, false);
        sample::set(bay.snapshot, "HV01", setting::delegation_allowed_principals, Set());
        CHECK(bay.added() == needed_of(bay.inventory.hosts[2]));
        CHECK(bay.unknown("HV02", setting::delegation_protocol_transition).find("HV02 is a domain controller") == 0);
        CHECK(bay.unknown("HV01", setting::delegation_allowed_principals).find("HV02 is a domain controller") == 0);
        for (const Phase& phase : bay.plan().phases)
            for (const Change& change : phase.changes) CHECK(change.address.object != "HV02");
        bay.host("HV02").domain_controller = true;
        CHECK(bay.added() == both(bay));
        CHECK(bay.unknown("HV02", setting::delegation_protocol_transition).empty());
    }
}

TEST_CASE("identity: a found computer that was not seen to be a Hyper-V host gets and gives nothing") {
    Bay bay;
    bay.host("HV02").found = true;
    CHECK(bay.added() == both(bay));
    sample::set(bay.snapshot, "HV02", setting::delegation_protocol_transition, false);
    for (const Code code : {Code::unreachable, Code::denied}) {
        bay.snapshot.readings.insert_or_assign(Address{"HV02", &setting::migration_enabled}, fail(code, "no answer"));
        CHECK(without_strangers(bay.inventory, bay.snapshot).hosts.size() == 3);
        CHECK(bay.added() == needed_of(bay.inventory.hosts[2]));
        CHECK(bay.unknown("HV02", setting::delegation_protocol_transition).find("HV02 was found by a search") == 0);
        CHECK(bay.unknown("HV03", setting::delegation_services).empty());  // what is there may stay
    }
    bay.host("HV02").found = false;  // listed by a person: it takes part
    CHECK(bay.added() == both(bay));
}

TEST_CASE("identity: a found computer that is no Hyper-V host is left out, and told") {
    for (const Reading& seen : {Reading(Held()), Reading(fail(Code::not_found, "no such host"))}) {
        Bay bay;
        bay.snapshot.readings.insert_or_assign(Address{"HV02", &setting::migration_enabled}, seen);
        CHECK(without_strangers(bay.inventory, bay.snapshot).hosts.size() == 3);  // listed by a person
        bay.host("HV02").found = true;
        bay.inventory = without_strangers(bay.inventory, bay.snapshot);
        CHECK(bay.inventory.find("HV02") == nullptr);
        CHECK(bay.inventory.domains[0].hosts == std::vector<std::string>{"HV01", "HV03"});
        REQUIRE(bay.inventory.estate_findings.size() == 1);
        CHECK(bay.inventory.estate_findings[0].fault == EstateFault::no_hyperv);
        CHECK(bay.added() == needed_of(bay.inventory.hosts[1]));
    }
}

TEST_CASE("identity: who an account is must be known") {
    Bay bay;
    bay.snapshot.readings.insert_or_assign(Address{"HV02", &setting::account_sid}, fail(Code::denied, "hidden"));
    CHECK(bay.added() == needed_of(bay.inventory.hosts[2]));
    CHECK(bay.unknown("HV01", setting::delegation_services).find("who the account HV02$ is cannot be known: hidden") ==
          0);
}

TEST_CASE("identity: names are asked for where they would be written, and nowhere else") {
    Bay bay;
    const auto asked = [&] {
        std::vector<std::string> out;
        for (const Address& address : name_questions(bay.findings(), bay.inventory))
            if (address.setting == &setting::account_own_names) out.push_back(address.object);
        return out;
    };
    CHECK(asked() == std::vector<std::string>{"HV02", "HV03"});
    sample::set(bay.snapshot, "HV01", setting::delegation_services, both(bay));
    CHECK(asked().empty());
    sample::set(bay.snapshot, "HV03", setting::spn_migration, Set());
    CHECK(asked() == std::vector<std::string>{"HV03"});
}

}  // namespace fairway::identity_test
