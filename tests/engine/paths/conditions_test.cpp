// One row for each way in which a path is closed or unknown.
#include "engine/paths/conditions.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/paths/explain.hpp"
#include "tests/engine/paths/between.hpp"
#include "tests/sample.hpp"

namespace fairway::conditions_test {

TEST_CASE("what closes HV01 → HV02, what says so, and what fixes it") {
    struct Row {
        const char* object;
        const Setting& setting;
        Value value;
        const char* condition;
        const char* evidence;
        const Setting* fix;
        const char* fix_at;
    };
    const Row rows[] = {
        {"HV02", setting::migration_enabled, false, "migration on", "migration is off at HV02",
         &setting::migration_enabled, "HV02"},
        {"HV02", setting::migration_authentication, std::string("credssp"), "authentication",
         "authentication differs: HV01 kerberos, HV02 credssp", &setting::migration_authentication, "HV02"},
        {"HV01", setting::migration_authentication, std::string("credssp"), "authentication",
         "authentication differs: HV01 credssp, HV02 kerberos", &setting::migration_authentication, "HV01"},
        {"HV01", setting::host_credential_guard, true, "credentials",
         "HV01 uses credssp, and Credential Guard runs there: it keeps the credentials of whoever is signed on from "
         "CredSSP, so moves from HV01 fail; use kerberos",
         &setting::migration_authentication, "HV01"},
        {"HV01", setting::delegation_services, Set({"CIFS/hv02", "cifs/HV02.bay.example"}), "delegation",
         "HV01 may not delegate to migration service/HV02, migration service/hv02.bay.example",
         &setting::delegation_services, "HV01"},
        {"HV01", setting::delegation_protocol_transition, false, "protocol transition",
         "HV01 lacks protocol transition", &setting::delegation_protocol_transition, "HV01"},
        {"HV02", setting::spn_migration, Set({"Microsoft Virtual System Migration Service/HV02"}), "service names",
         "a name is missing of the migration service on HV02's account", &setting::spn_migration, "HV02"},
        {"HV02", setting::account_dns_name, std::string("old.bay.example"), "directory name",
         "the directory knows HV02 as old.bay.example, the inventory as hv02.bay.example", nullptr, ""},
        {"HV02", setting::account_flags, Set({"accountdisable"}), "accounts", "HV02's account is disabled", nullptr,
         ""},
        {"HV01", setting::caller_delegable, std::string("not_delegated"), "caller",
         "your account is marked \"sensitive and cannot be delegated\", so no host can act for it; start moves with "
         "another account",
         nullptr, ""},
        {"HV01", setting::caller_delegable, std::string("protected_users"), "caller",
         "your account is a member of Protected Users, so no host can act for it; start moves with another account",
         nullptr, ""},
        {"HV02", setting::host_domain, std::string("other.example"), "domain",
         "HV01 is in bay.example, HV02 in other.example", nullptr, ""},
        {"HV02", setting::host_listeners, Set(), "network",
         "HV02 listens nowhere, although 10.20.0.12 lies in its migration networks: restart vmms there", nullptr, ""},
        {"HV01", setting::migration_networks, Set({"10.9.0.0/16"}), "network",
         "HV02 listens on 10.20.0.12, outside the migration networks of HV01", &setting::migration_networks, "HV01"},
        {"HV02", setting::migration_max_live, std::int64_t{0}, "limit", "HV02 allows no simultaneous live migration",
         &setting::migration_max_live, "HV02"},
    };
    CHECK(path(sample::snapshot(), 0, 1).state == PathState::open);
    for (const Row& row : rows) {
        INFO(row.condition);
        Snapshot snapshot = sample::snapshot();
        sample::set(snapshot, row.object, row.setting, row.value);
        if (&row.setting == &setting::host_credential_guard)
            for (const char* host : {"HV01", "HV02"})
                sample::set(snapshot, host, setting::migration_authentication, std::string(setting::credssp));
        const Path seen = path(snapshot, 0, 1);
        CHECK(seen.state == PathState::closed);
        const Condition& one = condition(seen, row.condition);
        CHECK(one.state == PathState::closed);
        CHECK(one.evidence == row.evidence);
        CHECK(one.fix.setting == row.fix);
        if (row.fix) CHECK(one.fix.object == row.fix_at);
    }
}

TEST_CASE("a host that listens nowhere: its networks are to blame only where they admit no address of it") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::host_listeners, Set());
    CHECK(condition(path(snapshot, 0, 1), "network").fix.setting == nullptr);
    sample::set(snapshot, "HV02", setting::migration_networks, Set({"10.9.0.0/16"}));
    const Condition outside = condition(path(snapshot, 0, 1), "network");
    CHECK(outside.evidence == "HV02 listens nowhere: no address of it lies in its migration networks");
    CHECK(outside.fix.setting == &setting::migration_networks);
}

TEST_CASE("what cannot be read makes a path unknown, and says what could not be read") {
    for (const Setting* row : path_settings()) {
        if (row == &setting::host_addresses) continue;  // where it listens, and sends from, is known without
        if (row == &setting::delegation_allowed_principals) continue;  // the other form of delegation suffices
        INFO(row->name);
        Snapshot snapshot = sample::snapshot();
        snapshot.readings.insert_or_assign(Address{"HV02", row}, fail(Code::unreachable, "HV02 does not answer"));
        bool unknown = false;
        for (const auto& [from, to] : {std::pair{0u, 1u}, {1u, 0u}}) {
            const Path seen = path(snapshot, from, to);
            CHECK(seen.state != PathState::closed);
            if (seen.state != PathState::unknown) continue;
            unknown = true;
            for (const Condition& one : seen.conditions)
                if (one.state == PathState::unknown)
                    CHECK(one.evidence.find("HV02 does not answer") != std::string::npos);
        }
        CHECK(unknown);
    }
}

TEST_CASE("what a host or an account has no property of is not known, sets included") {
    for (const Setting* row : path_settings()) {
        if (row == &setting::host_addresses || row == &setting::delegation_allowed_principals) continue;  // as above
        if (row == &setting::caller_delegable) continue;  // then nobody shows it
        INFO(row->name);
        Snapshot snapshot = sample::snapshot();
        snapshot.readings.insert_or_assign(Address{"HV02", row}, Held());
        const PathState there = path(snapshot, 0, 1).state, back = path(snapshot, 1, 0).state;
        CHECK(there != PathState::closed);
        CHECK(back != PathState::closed);
        CHECK((there == PathState::unknown || back == PathState::unknown));
    }
}

TEST_CASE("closed outweighs unknown, and CredSSP needs no delegation") {
    Snapshot snapshot = sample::snapshot();
    snapshot.readings.insert_or_assign(Address{"HV02", &setting::account_flags}, fail(Code::unreachable, "no"));
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    CHECK(path(snapshot, 0, 1).state == PathState::closed);

    Snapshot credssp = sample::snapshot();
    for (const char* host : {"HV01", "HV02"}) {
        sample::set(credssp, host, setting::migration_authentication, std::string("credssp"));
        sample::set(credssp, host, setting::delegation_services, Set());
        sample::set(credssp, host, setting::delegation_protocol_transition, false);
        sample::set(credssp, host, setting::host_credential_guard, false);
    }
    CHECK(path(credssp, 0, 1).state == PathState::open);
    CHECK(condition(path(credssp, 0, 1), "delegation").evidence.find("not needed") == 0);
}

TEST_CASE("Credential Guard counts at the source alone, and only with CredSSP") {
    const Reading runs = Held(true), does_not = Held(false), no_such_class = Held(),
                  unread = fail(Code::denied, "no right"), credssp = Held(std::string(setting::credssp)),
                  kerberos = Held(std::string(setting::kerberos));
    constexpr auto open = PathState::open, closed = PathState::closed, unknown = PathState::unknown;
    struct Row {
        const char* what;
        const Reading &authentication, &guard;
        PathState state;
        const char* evidence;  // a part of it
    };
    const Row rows[] = {
        {"CredSSP, it runs", credssp, runs, closed, "Credential Guard runs there"},
        {"CredSSP, it does not", credssp, does_not, open, "does not run at HV01"},
        {"CredSSP, no such class", credssp, no_such_class, open, "does not run at HV01"},
        {"CredSSP, unread", credssp, unread, unknown, "host.credential_guard of HV01: no right"},
        {"Kerberos, it runs", kerberos, runs, open, "HV01 uses kerberos, which Credential Guard permits"},
        {"Kerberos, unread", kerberos, unread, open, "HV01 uses kerberos"},
        {"unread, it runs", unread, runs, unknown, "migration.authentication of HV01: no right"},
        {"unread, it does not", unread, does_not, open, "does not run at HV01"},
        {"both unread", unread, unread, unknown, "if HV01 uses kerberos, open"},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        Snapshot snapshot = sample::snapshot();
        snapshot.readings.insert_or_assign(Address{"HV01", &setting::migration_authentication}, row.authentication);
        snapshot.readings.insert_or_assign(Address{"HV01", &setting::host_credential_guard}, row.guard);
        sample::set(snapshot, "HV02", setting::host_credential_guard, true);
        const Condition seen = condition(path(snapshot, 0, 1), "credentials");
        CHECK(seen.state == row.state);
        CHECK_MESSAGE(seen.evidence.find(row.evidence) != std::string::npos, seen.evidence);
    }
}

TEST_CASE("the caller counts at the source alone, only with Kerberos, and not where nobody shows it") {
    const auto seen = [](const Snapshot& snapshot) { return condition(path(snapshot, 0, 1), "caller"); };
    Snapshot at_the_destination = sample::snapshot();
    sample::set(at_the_destination, "HV02", setting::caller_delegable, std::string("protected_users"));
    CHECK(seen(at_the_destination).state == PathState::open);

    Snapshot hidden = sample::snapshot();
    hidden.readings.insert_or_assign(Address{"HV01", &setting::caller_delegable}, Held());
    CHECK(seen(hidden).state == PathState::open);
    CHECK(seen(hidden).evidence == "the directory does not show whether your tickets may be delegated");

    Snapshot credssp = sample::snapshot();
    sample::set(credssp, "HV01", setting::caller_delegable, std::string("not_delegated"));
    const auto refused = [](const Snapshot& snapshot) {
        const Inventory estate = sample::inventory();
        return caller_refused(meshes(estate, snapshot)[0].ends[0]);
    };
    CHECK(refused(credssp).find("another account") != std::string::npos);
    sample::set(credssp, "HV01", setting::migration_authentication, std::string("credssp"));
    CHECK(seen(credssp).state == PathState::open);
    CHECK(refused(credssp).empty());
    credssp.readings.insert_or_assign(Address{"HV01", &setting::migration_authentication},
                                      fail(Code::unreachable, "no"));
    CHECK(seen(credssp).state == PathState::unknown);
    CHECK(refused(credssp).empty());
}

TEST_CASE("delegation in either form, and the mixture that breaks both") {
    const Set none, all = names_of({ServiceClass::cifs, ServiceClass::migration}, sample::inventory().hosts[1]);
    const Set other({"MSSQLSvc/sql01:1433"}), source({"hv01$"}), group({"HV-Hosts"}), stranger({"HV09$"});
    constexpr auto open = PathState::open, closed = PathState::closed, unknown = PathState::unknown;
    struct Row {
        const char* what;
        Set list, admitted;
        bool transition;
        PathState delegation, ticket;
        const char *evidence, *ticket_evidence;  // parts of them
    };
    const Row rows[] = {
        {"classic", all, none, true, open, open, "may delegate to cifs", "has protocol transition"},
        {"classic without transition", all, none, false, open, closed, "may delegate",
         "HV01 lacks protocol transition"},
        {"resource-based", none, source, false, open, open, "nobody has shown", "needs none"},
        {"resource-based with transition", none, source, true, open, open, "HV02 lets the account of HV01", "has"},
        {"the mixture", other, source, false, open, closed, "HV02 lets the account of HV01",
         "not forwardable, so resource-based delegation fails as well"},
        {"the mixture with transition", other, source, true, open, open, "lets the account", "has"},
        {"both", all, source, false, open, closed, "may delegate", "lacks"},
        {"a group", none, group, false, unknown, unknown, "HV-Hosts act on behalf of others; whether HV01", "lacks"},
        {"a group and the list", all, group, true, open, open, "may delegate", "has"},
        {"a SID", none, Set({"S-1-5-21-1-2-3-9"}), true, unknown, open, "through a group", "has"},
        {"another host", none, stranger, true, closed, open, "may not delegate to cifs/HV02", "has"},
        {"another domain's account", none, Set({"HV01$@other.example"}), true, closed, open, "may not", "has"},
        {"neither", none, none, false, closed, closed, "may not delegate", "lacks"},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        Snapshot snapshot = sample::snapshot();
        sample::set(snapshot, "HV01", setting::delegation_services, row.list);
        sample::set(snapshot, "HV02", setting::delegation_allowed_principals, row.admitted);
        sample::set(snapshot, "HV01", setting::delegation_protocol_transition, row.transition);
        const Path seen = path(snapshot, 0, 1);
        const Condition &delegation = condition(seen, "delegation"), &ticket = condition(seen, "protocol transition");
        CHECK(delegation.state == row.delegation);
        CHECK(ticket.state == row.ticket);
        CHECK_MESSAGE(delegation.evidence.find(row.evidence) != std::string::npos, delegation.evidence);
        CHECK_MESSAGE(ticket.evidence.find(row.ticket_evidence) != std::string::npos, ticket.evidence);
        if (ticket.state == closed) CHECK(ticket.fix.setting == &setting::delegation_protocol_transition);
        // Only the resource-based form may cross domains.
        sample::set(snapshot, "HV02", setting::host_domain, std::string("other.example"));
        CHECK(condition(path(snapshot, 0, 1), "domain").state == (row.admitted == source ? open
                                                                  : row.admitted == none || row.delegation == closed
                                                                      ? closed
                                                                      : unknown));
    }
}

TEST_CASE("closed delegation is fixed where the standard is") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::delegation_services, Set());
    CHECK(condition(path(snapshot, 0, 1), "delegation").fix.setting == &setting::delegation_services);
    sample::set(snapshot, "HV02", setting::delegation_allowed_principals, Set({"HV03$"}));
    const Address fix = condition(path(snapshot, 0, 1), "delegation").fix;
    CHECK(fix.setting == &setting::delegation_allowed_principals);
    CHECK(fix.object == "HV02");
    snapshot.readings.insert_or_assign(Address{"HV02", &setting::delegation_allowed_principals},
                                       fail(Code::unsupported, "it denies somebody"));
    const Path blind = path(snapshot, 0, 1);
    CHECK(blind.state == PathState::unknown);
    CHECK(condition(blind, "delegation").evidence.find("it denies somebody") != std::string::npos);
}

}  // namespace fairway::conditions_test
