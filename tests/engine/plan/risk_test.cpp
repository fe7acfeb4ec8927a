// Every row of the table of risks, in both directions, and what is known of whose a name is.
#include "engine/plan/risk.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/limits.hpp"
#include "engine/run/grading.hpp"
#include "tests/sample.hpp"

namespace fairway::risk_test {
namespace {

const Setting &services = setting::delegation_services, &principals = setting::delegation_allowed_principals,
              &own_names = setting::spn_migration;
const std::string migration = std::string(migration_service) + "/";

// HV01 to HV03 are of one migration domain, HV04 is of none, and HV03's full name lies in another domain.
Inventory estate() {
    Inventory out = sample::inventory();
    Host alone = out.hosts[0];
    alone.name = "HV04";
    alone.dns = "hv04.bay.example";
    alone.domain.clear();
    out.hosts.push_back(alone);
    for (Host& host : out.hosts) host.account_domain = "bay.example";
    out.hosts[2].dns = "hv03.lab.example";
    return out;
}

Snapshot seen() {
    Snapshot out = sample::snapshot();
    sample::set(out, "HV04", setting::account_flags, Set({"workstation_trust_account"}));
    return out;
}

NameOwner owner(std::string account, std::string dns, std::vector<std::string> names,
                std::optional<bool> controller = false) {
    return {.dn = "CN=" + account,
            .account = std::move(account),
            .dns = std::move(dns),
            .object_class = "computer",
            .names = std::move(names),
            .controller = controller};
}

Result<RegisteredNames> forest() {
    RegisteredNames out;
    out.aliases = {{"host", {"cifs", "http"}}};
    out.owners = {owner("HV03$", "hv03.lab.example", {"HOST/hv03.lab.example"}),
                  owner("DC01$", "dc01.bay.example", {"HOST/dc01.bay.example", "HOST/DC01"}, true),
                  owner("SQL01$", "sql01.bay.example", {"MSSQLSvc/sql01.bay.example", "HOST/sql01.bay.example"}),
                  owner("HID01$", "hid01.bay.example", {"HOST/hid01.bay.example"}, std::nullopt)};
    return out;
}

Change granting(const Setting& setting, const Set& what, const char* host = "HV01") {
    return {{host, &setting}, Set({"x/kept"}), unite(setting.key, Set({"x/kept"}), what), {"r"}, {}};
}

Change taking(const Setting& setting, const Set& what, const char* host = "HV01") {
    Change out = granting(setting, what, host);
    std::swap(out.before, out.after);
    return out;
}

Change turning(const Setting& setting, bool on, const char* host = "HV01") {
    return {{host, &setting}, !on, on, {"r"}, {}};
}

Change word(const char* before, const char* after) {
    return {{"HV01", &setting::migration_authentication}, std::string(before), std::string(after), {"r"}, {}};
}

Grade of(const Change& change, const Result<RegisteredNames>& names = forest(), const Snapshot& snapshot = seen()) {
    Plan plan = sample::plan_with({change});
    grade(plan, estate(), snapshot, names);
    return plan.phases[0].changes[0].grade;
}

struct Row {
    Change change;
    Risk risk;
    std::string says;
};

void check(const Row& row, const Grade& grade) {
    INFO(row.says, " | ", grade.because);
    CHECK(grade.risk == row.risk);
    CHECK(grade.because.find(row.says) != std::string::npos);
}

}  // namespace

TEST_CASE("risk follows what is granted, to whom, and in which direction") {
    const Row rows[] = {
        {turning(setting::delegation_unconstrained, true), Risk::critical, "unconstrained delegation is granted"},
        {turning(setting::delegation_unconstrained, false), Risk::low, "taken away"},
        {turning(setting::delegation_protocol_transition, true), Risk::high, "protocol transition is granted"},
        {turning(setting::delegation_protocol_transition, false), Risk::low, "taken away"},
        {granting(services, Set({"ldap/x.bay.example"})), Risk::critical, "ldap/x.bay.example: a service that domain"},
        {granting(services, Set({"GC/HV02"})), Risk::critical, "domain controllers alone hold"},
        {granting(services, Set({"krbtgt/BAY.EXAMPLE"})), Risk::critical, "domain controllers alone hold"},
        {granting(services, Set({"kadmin/changepw"})), Risk::critical, "domain controllers alone hold"},
        {granting(services, Set({"e3514235-4b06-11d1-ab04-00c04fc2dcd2/a/bay.example"})), Risk::critical, "alone hold"},
        {granting(services, Set({"RPC/1b2c._msdcs.bay.example"})), Risk::critical, "domain controllers alone hold"},
        {granting(services, Set({"cifs/dc01.bay.example"})), Risk::critical, "a domain controller's name"},
        {granting(services, Set({"cifs/DC01"})), Risk::critical, "a domain controller's name"},
        {granting(services, Set({"WSMAN/dc01"})), Risk::critical, "a domain controller's name"},
        {granting(services, Set({"cifs/nobody.bay.example"})), Risk::critical, "no account was seen to hold"},
        {granting(services, Set({"cifs/HV02", "cifs/b\xc3\xa9"})), Risk::critical, "no account was seen to hold"},
        {granting(services, Set({"cifs/hid01.bay.example"})), Risk::critical, "could not be found out"},
        {granting(services, Set({"MSSQLSvc/sql01.bay.example"})), Risk::high, "no host of the inventory"},
        {granting(services, Set({"cifs/sql01.bay.example"})), Risk::high, "no host of the inventory"},
        {granting(services, Set({"cifs/HV04"})), Risk::high, "a host of another migration domain"},
        {granting(services, Set({"HOST/HV02"})), Risk::high, "live migration does not use"},
        {granting(services, Set({"cifs/HV02", "cifs/hv02.bay.example"})), Risk::medium, "needs of a peer"},
        {granting(services, Set({migration + "HV02"})), Risk::medium, "needs of a peer"},
        {granting(services, Set({"cifs/hv03.lab.example"})), Risk::medium, "needs of a peer"},
        {taking(services, Set({"ldap/dc01.bay.example"})), Risk::low, "taken away"},
        {granting(principals, Set({"HV02$"})), Risk::medium, "a peer is admitted"},
        {granting(principals, Set({"HV04$"})), Risk::high, "a host of another migration domain"},
        {granting(principals, Set({"SQL01$"})), Risk::high, "a computer that is no host of the inventory"},
        {granting(principals, Set({"HV02$@other.example"})), Risk::high, "a computer that is no host"},
        {granting(principals, Set({"HV02$", "Domain Users"})), Risk::critical, "Domain Users: a user or a group"},
        {granting(principals, Set({"S-1-5-21-1-2-3-1105"})), Risk::critical, "without a name"},
        {taking(principals, Set({"Domain Users"})), Risk::low, "taken away"},
        {granting(own_names, Set({migration + "HV01"})), Risk::low, "own names"},
        {granting(own_names, Set({migration + "HV02"})), Risk::high, "a name of another host"},
        {granting(own_names, Set({migration + "HV04"})), Risk::high, "a name of another host"},
        {granting(own_names, Set({migration + "sql01.bay.example"})), Risk::high, "does not give to the host"},
        {granting(own_names, Set({migration + "hv03.lab.example"}), "HV03"), Risk::low, "own names"},
        {granting(own_names, Set({"HOST/sql01.bay.example"})), Risk::forbidden, "a name of another account"},
        {granting(own_names, Set({migration + "dc01"})), Risk::critical, "a domain controller's name"},
        {word("kerberos", "credssp"), Risk::high, "CredSSP"},
        {word("credssp", "kerberos"), Risk::medium, "another protocol"},
        {turning(setting::migration_enabled, true), Risk::low, "a setting of the host"},
        {turning(setting::migration_enabled, false), Risk::low, "taken away"},
        {granting(setting::migration_networks, Set({"any"})), Risk::low, "a setting of the host"},
    };
    for (const Row& row : rows) check(row, of(row.change));
    CHECK(of(granting(services, Set({"ldap/a", "gc/a", "gc/b", "krbtgt/c"}))).because.find("1 more") !=
          std::string::npos);
    const Grade both = of(granting(services, Set({"cifs/HV02", "cifs/DC01", "ldap/DC01"})));
    CHECK(both.because.find("ldap/DC01: a service that domain controllers alone hold; ") == 0);
    CHECK(both.because.find(". cifs/DC01: a domain controller's name; ") != std::string::npos);
}

TEST_CASE("every change on the account of a domain controller is critical, and so is a grant where that is not known") {
    for (const char* flag : {"server_trust_account", "partial_secrets_account"}) {
        Snapshot snapshot = seen();
        sample::set(snapshot, "HV02", setting::account_flags, Set({flag}));
        const Row rows[] = {
            {granting(own_names, Set({migration + "HV02"}), "HV02"), Risk::critical, "is a domain controller's"},
            {taking(services, Set({"cifs/HV03"}), "HV02"), Risk::critical, "is a domain controller's"},
            {turning(setting::delegation_unconstrained, false, "HV02"), Risk::critical, "is a domain controller's"},
            {turning(setting::migration_enabled, true, "HV02"), Risk::low, "a setting of the host"},
            {granting(services, Set({"cifs/HV02"})), Risk::critical, "HV02: a domain controller's name"},
        };
        for (const Row& row : rows) check(row, of(row.change, forest(), snapshot));
    }
    Snapshot snapshot = seen();
    snapshot.readings.insert_or_assign(Address{"HV01", &setting::account_flags}, Reading(fail(Code::denied, "hidden")));
    const Row rows[] = {
        {granting(services, Set({"cifs/HV02"})), Risk::critical, "flags could not be read"},
        {turning(setting::delegation_protocol_transition, true), Risk::critical, "flags could not be read"},
        {taking(services, Set({"cifs/HV02"})), Risk::low, "taken away"},
    };
    for (const Row& row : rows) check(row, of(row.change, forest(), snapshot));
}

TEST_CASE("a full name that is not the account's own is asked about, and may be somebody else's") {
    Inventory inventory = estate();
    inventory.hosts[1].dns = "dc01.bay.example";  // what a found computer says of itself
    Plan plan = sample::plan_with({granting(services, Set({"cifs/dc01.bay.example"}))});
    CHECK(unsure_names(plan, inventory, seen()).names ==
          std::vector<std::string>{"cifs/dc01.bay.example", "host/dc01.bay.example"});
    grade(plan, inventory, seen(), forest());
    CHECK(plan.phases[0].changes[0].grade.risk == Risk::critical);
}

TEST_CASE("a name that the same plan gives to a peer is the peer's") {
    const Set name({migration + "hv03.lab.example"});
    Plan plan = sample::plan_with({granting(services, name), granting(own_names, name, "HV03")});
    grade(plan, estate(), seen(), forest());
    CHECK(plan.phases[0].changes[0].grade.risk == Risk::medium);
    CHECK(of(granting(services, name)).risk == Risk::critical);
}

TEST_CASE("a name that several accounts hold is forbidden, and so is a name of another account for one's own") {
    Result<RegisteredNames> names = forest();
    names->owners.push_back(owner("SQL02$", "sql02.bay.example", {"mssqlsvc/SQL01.bay.example", "HOST/twice"}));
    names->owners.push_back(owner("SQL03$", "sql03.bay.example", {"HOST/twice"}));
    const Row rows[] = {
        {granting(services, Set({"MSSQLSvc/sql01.bay.example"})), Risk::forbidden, "several accounts hold"},
        {granting(services, Set({"cifs/twice"})), Risk::forbidden, "several accounts hold"},  // served by HOST
        {taking(services, Set({"MSSQLSvc/sql01.bay.example"})), Risk::low, "taken away"},
        {granting(own_names, Set({"MSSQLSvc/sql01.bay.example"})), Risk::forbidden, "other accounts hold"},
    };
    for (const Row& row : rows) check(row, of(row.change, names));
    Plan plan = sample::plan_with({granting(services, Set({"cifs/twice"}))});
    grade(plan, estate(), seen(), names);
    plan.limits = Limits{.risk = Risk::critical};
    const std::vector<std::string> refused = breaches(plan, estate());
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].find("no policy allows that") != std::string::npos);
}

TEST_CASE("another domain's account of a host's name is a stranger") {
    Result<RegisteredNames> names = forest();
    names->owners = {owner("HV02$", "hv02.other.example", {"cifs/hv02.other.example"}),
                     owner("HV02$", "hv02.bay.example", {})};
    CHECK(of(granting(services, Set({"cifs/hv02.other.example"})), names).risk == Risk::high);
}

TEST_CASE("the forest is asked once, only about names that are no host's for certain; no answer makes them critical") {
    struct Silent final : NameReader {
        explicit Silent(std::size_t& asked) : asked_(asked) {}
        Result<RegisteredNames> names(const NameQuestion&) override {
            ++asked_;
            return fail(Code::unreachable, "no global catalogue answers");
        }
        Result<Set> dns_suffixes(const std::string&) override { return Set(); }
        std::size_t& asked_;
    };
    std::size_t asked = 0;
    const auto graded = [&](const Change& change) {
        Plan plan = sample::plan_with({change, granting(services, Set({"cifs/HV02"}), "HV03")});
        grade_with(plan, estate(), seen(),
                   [&]() -> Result<std::unique_ptr<NameReader>> { return std::make_unique<Silent>(asked); });
        CHECK(plan.phases[0].changes[1].grade.risk == Risk::medium);
        return plan.phases[0].changes[0].grade;
    };
    CHECK(graded(granting(services, Set({"cifs/HV02", "cifs/hv02.bay.example"}))).risk == Risk::medium);
    CHECK(graded(taking(services, Set({"cifs/gone"}))).risk == Risk::low);
    CHECK(asked == 0);
    const Grade grade = graded(granting(services, Set({"cifs/sql01", "http/sql02"})));
    CHECK(grade.risk == Risk::critical);
    CHECK(grade.because.find("because no global catalogue answers") != std::string::npos);
    CHECK(asked == 1);
}

TEST_CASE("what a plan says of its risk is never believed to be less than the change alone tells") {
    Change change = granting(services, Set({"ldap/dc01"}));
    CHECK(believed(change).risk == Risk::critical);
    change.grade = {Risk::low, "harmless"};
    CHECK(believed(change).risk == Risk::critical);
    CHECK(believed(change).because.find("domain controllers alone hold") != std::string::npos);
    change = granting(services, Set({"cifs/dc01"}));
    CHECK(believed(change).risk == Risk::medium);
    change.grade = {Risk::critical, "a domain controller's"};
    CHECK(believed(change) == change.grade);
    CHECK(highest_risk(sample::plan_with({change, turning(setting::migration_enabled, true)})) == Risk::critical);
}

TEST_CASE("the default limits refuse what is critical and name it; a policy may allow it") {
    Plan plan = sample::plan_with({turning(setting::delegation_unconstrained, true)});
    const auto broken = breaches(plan, sample::inventory());
    REQUIRE(broken.size() == 1);
    CHECK(broken[0].find("highest risk is critical; the policy allows high") != std::string::npos);
    CHECK(broken[0].find("delegation.unconstrained of HV01: unconstrained delegation is granted") != std::string::npos);
    plan.limits = Limits{.risk = Risk::critical};
    CHECK(breaches(plan, sample::inventory()).empty());
    CHECK(breaches(sample::plan_with({turning(setting::delegation_protocol_transition, true)}), sample::inventory())
              .empty());
}

TEST_CASE("every row of the table is some setting's, and every setting ends in a row that takes whatever is left") {
    std::set<const RiskRow*> reached;
    for (const Setting* row : catalogue()) {
        if (row->access == Access::fact) continue;
        const auto rows = risks_of(*row);
        const auto takes_the_rest = [](const RiskRow* one, Way way) {
            return (!one->way || one->way == way) && !one->what && !one->whose && !one->at;
        };
        for (const Way way : {Way::granted, Way::taken})
            CHECK_MESSAGE(
                std::any_of(rows.begin(), rows.end(), [&](const RiskRow* one) { return takes_the_rest(one, way); }),
                row->name, " has no `stake`, nor a last row in plan/risk, where something is ",
                std::string(way == Way::granted ? "granted" : "taken"));
        reached.insert(rows.begin(), rows.end());
    }
    CHECK(reached.size() == risk_table().size());
}

}  // namespace fairway::risk_test
