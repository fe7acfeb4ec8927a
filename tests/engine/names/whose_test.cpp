// Whose a service name and an account are, seen from the host whose account names them.
#include "engine/names/whose.hpp"

#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "tests/engine/names/forest.hpp"

namespace fairway::whose_test {

using namespace fairway::forest;

namespace {

// HV01 and HV02 are peers; HV03 is in no migration domain.
Inventory estate() {
    Inventory out = sample::inventory();
    out.hosts[2].domain.clear();
    return out;
}

Plan naming(std::vector<std::string> names) {
    return sample::plan_with({{{"HV01", &setting::delegation_services}, Set(), Set(std::move(names)), {"r"}, {}}});
}

struct Seen {
    Inventory inventory = estate();
    Snapshot snapshot = sample::snapshot();
    Result<RegisteredNames> names = forest_of(inventory);
    Plan plan = {};

    const Host& own() const { return inventory.hosts[0]; }
    Whose service(std::string_view name) const {
        return Ownership(plan, inventory, snapshot, names).service(name, own());
    }
    Whose account(std::string_view name) const {
        return Ownership(plan, inventory, snapshot, names).account(name, own());
    }
};

}  // namespace

TEST_CASE("names of hosts whose accounts were read are theirs without a question") {
    Seen seen;
    seen.names = fail(Code::unreachable, "no catalogue");
    CHECK(seen.service("cifs/HV01") == Whose::own);
    CHECK(seen.service("CIFS/hv02.bay.example") == Whose::peer);
    CHECK(seen.service("cifs/HV03") == Whose::host);
    CHECK(seen.service("cifs/fs01") == Whose::unknown);
    CHECK(unsure_names(naming({"cifs/HV02", "cifs/hv03.bay.example"}), seen.inventory, seen.snapshot).empty());
}

TEST_CASE("a domain controller is told by its flags, and what was not read may be one") {
    Seen seen;
    sample::set(seen.snapshot, "HV02", setting::account_flags, Set({"server_trust_account"}));
    CHECK(seen.service("cifs/HV02") == Whose::controller);
    seen.snapshot.readings.erase({"HV02", &setting::account_flags});
    seen.names = fail(Code::unreachable, "no catalogue");
    CHECK(seen.service("cifs/HV02") == Whose::unknown);
    const NameQuestion question = unsure_names(naming({"cifs/HV02"}), seen.inventory, seen.snapshot);
    CHECK(question.names == std::vector<std::string>{"cifs/hv02", "host/hv02"});
    CHECK(question.accounts == std::vector<std::string>{account_named("hv02")});
}

TEST_CASE("of other names the forest tells whose they are") {
    Seen seen;
    seen.names->owners.push_back(other("websvc", {"HTTP/www", "MSSQLSvc/sql"}));
    seen.names->owners.push_back(other("second", {"mssqlsvc/SQL"}));
    NameOwner dc = other("DC01$", {"HOST/dc01", "GC/dc01"});
    dc.controller = true;
    seen.names->owners.push_back(dc);
    CHECK(seen.service("HTTP/www") == Whose::stranger);
    CHECK(seen.service("MSSQLSvc/sql") == Whose::several);
    CHECK(seen.service("cifs/dc01") == Whose::controller);      // served by HOST
    CHECK(seen.service("MSSQLSvc/dc01") == Whose::controller);  // it is merely called so
    CHECK(seen.service("cifs/fs01") == Whose::nobody);
    seen.plan = sample::plan_with(
        {{{"HV02", &setting::spn_migration}, Set(), Set({migration("hv02.west.example")}), {"r"}, {}}});
    seen.inventory.hosts[1].dns = "hv02.west.example";  // not for certain: another domain than its account's
    CHECK(seen.service(migration("hv02.west.example")) == Whose::peer);  // the plan gives it to HV02
}

TEST_CASE("accounts are hosts' of the same domain of the directory, or strangers'") {
    const Seen seen;
    CHECK(seen.account("HV01$") == Whose::own);
    CHECK(seen.account("hv02$") == Whose::peer);
    CHECK(seen.account("HV03$") == Whose::host);
    CHECK(seen.account("HV02$@other.example") == Whose::stranger);
    CHECK(seen.account("Movers") == Whose::stranger);
}

}  // namespace fairway::whose_test
