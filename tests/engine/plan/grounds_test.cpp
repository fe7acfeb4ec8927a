// What the changes of a plan rest on: whose account it is, whose names they are, and that no migration runs.
#include "engine/plan/grounds.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "tests/sample.hpp"

namespace fairway::grounds_test {

namespace {

const Inventory& inventory() {
    static const Inventory all = sample::inventory();
    return all;
}

// Each host's account has a SID and both names of the migration service for itself alone.
Snapshot known() {
    Snapshot out = sample::snapshot();
    for (const Host& host : inventory().hosts) {
        const Set names = names_of({ServiceClass::migration}, host);
        sample::set(out, host.name.c_str(), setting::account_sid, "S-1-5-21-" + host.name);
        sample::set(out, host.name.c_str(), setting::account_own_names, names);
        sample::set(out, host.name.c_str(), setting::account_uncontested_names, names);
    }
    return out;
}

// The objects and settings of what it rests on.
std::vector<std::string> grounds_of(Change change, const Snapshot& snapshot = known()) {
    Grounds(inventory(), snapshot).lay(change);
    std::vector<std::string> out;
    for (const auto& one : change.premises)
        out.push_back(one->address.object + " " + std::string(one->address.setting->name));
    std::sort(out.begin(), out.end());
    return out;
}

Change change(const Setting& row, Value before, Value after) {
    return {{"HV01", &row}, std::move(before), std::move(after), {"r"}, {}};
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a change that could break a migration rests on none that runs; another one does not") {
    CHECK(grounds_of(change(setting::migration_authentication, std::string("credssp"), std::string("kerberos"))) ==
          Lines{"HV01 host.running_migrations"});
    CHECK(grounds_of(change(setting::migration_enabled, true, false)) == Lines{"HV01 host.running_migrations"});
    CHECK(grounds_of(change(setting::migration_enabled, false, true)).empty());
    CHECK(grounds_of(change(setting::migration_max_live, std::int64_t{2}, std::int64_t{4})).empty());
}

TEST_CASE("a change of an account rests on whose it is") {
    const Change flag = change(setting::delegation_protocol_transition, false, true);
    CHECK(grounds_of(flag) == Lines{"HV01 account.sid"});
    CHECK(grounds_of(flag, sample::snapshot()).empty());  // nobody shows it
}

TEST_CASE(
    "a name that is granted rests on the account of its peer and on its being its own; what goes rests on no peer") {
    const Set cifs = names_of({ServiceClass::cifs}, inventory().hosts[1]);
    CHECK(grounds_of(change(setting::delegation_services, Set(), cifs)) ==
          Lines{"HV01 account.sid", "HV02 account.own_names", "HV02 account.sid"});
    CHECK(grounds_of(change(setting::delegation_services, cifs, Set())) == Lines{"HV01 account.sid"});
    CHECK(grounds_of(change(setting::delegation_allowed_principals, Set(), Set({"HV03$"}))) ==
          Lines{"HV01 account.sid", "HV03 account.sid"});
}

TEST_CASE("a name that an account is to be given rests on nobody else's holding it") {
    const Set names = names_of({ServiceClass::migration}, inventory().hosts[0]);
    CHECK(grounds_of(change(setting::spn_migration, Set(), names)) ==
          Lines{"HV01 account.sid", "HV01 account.uncontested_names"});
    CHECK(grounds_of(change(setting::spn_migration, names, Set())) == Lines{"HV01 account.sid"});
}

}  // namespace fairway::grounds_test
