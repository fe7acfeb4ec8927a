// One row for each way in which a path is closed or unknown.
#include "engine/paths/conditions.hpp"

#include <doctest/doctest.h>

#include "tests/sample.hpp"

using namespace fairway;

namespace {

Path path(const Snapshot& snapshot, std::size_t from, std::size_t to) {
    const Inventory estate = sample::inventory();
    const std::vector<Mesh> mesh = meshes(estate, snapshot);
    return explain(mesh[0].ends[from], mesh[0].ends[to], snapshot);
}

const Condition& condition(const Path& path, std::string_view name) {
    for (const Condition& one : path.conditions)
        if (one.name == name) return one;
    FAIL("no such condition");
    return path.conditions[0];
}

}  // namespace

TEST_CASE("what closes HV01 → HV02, what says so, and what mends it") {
    struct Row {
        const char* object;
        const Setting& setting;
        Value value;
        const char* condition;
        const char* evidence;
        const Setting* mend;
        const char* mend_at;
    };
    const Row rows[] = {
        {"HV02", setting::migration_enabled, false, "migration on", "migration is off at HV02",
         &setting::migration_enabled, "HV02"},
        {"HV02", setting::migration_authentication, std::string("credssp"), "authentication",
         "authentication differs: HV01 kerberos, HV02 credssp", &setting::migration_authentication, "HV02"},
        {"HV01", setting::migration_authentication, std::string("credssp"), "authentication",
         "authentication differs: HV01 credssp, HV02 kerberos", &setting::migration_authentication, "HV01"},
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
        {"HV02", setting::host_domain, std::string("other.example"), "domain",
         "HV01 is in bay.example, HV02 in other.example", nullptr, ""},
        {"HV02", setting::host_listeners, Set(), "network",
         "HV02 listens nowhere: no address of it lies in its migration networks", &setting::migration_networks, "HV02"},
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
        const Path seen = path(snapshot, 0, 1);
        CHECK(seen.state == PathState::closed);
        const Condition& one = condition(seen, row.condition);
        CHECK(one.state == PathState::closed);
        CHECK(one.evidence == row.evidence);
        CHECK(one.mend.setting == row.mend);
        if (row.mend) CHECK(one.mend.object == row.mend_at);
    }
}

TEST_CASE("what cannot be read makes a path unknown, and says what could not be read") {
    for (const Setting* row : path_settings()) {
        if (row == &setting::host_addresses) continue;  // where it listens is known without
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
    }
    CHECK(path(credssp, 0, 1).state == PathState::open);
    CHECK(condition(path(credssp, 0, 1), "delegation").evidence.find("not needed") == 0);
}
