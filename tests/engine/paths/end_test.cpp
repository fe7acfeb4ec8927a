// What the path conditions know of one host, out of a snapshot and after a change.
#include "engine/paths/end.hpp"

#include <doctest/doctest.h>
#include <set>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/conditions.hpp"
#include "tests/sample.hpp"

namespace fairway::end_test {

namespace {

const Inventory& inventory() {
    static const Inventory all = sample::inventory();
    return all;
}

End first(const Snapshot& snapshot) { return meshes(inventory(), snapshot).at(0).ends.at(0); }

}  // namespace

TEST_CASE("what was not read is empty, never a default") {
    const End end = first({});
    CHECK_FALSE(end.enabled);
    CHECK_FALSE(end.networks);
    CHECK_FALSE(end.listeners);
    CHECK_FALSE(end.delegates_to);
    CHECK_FALSE(end.admits);
    CHECK_FALSE(end.account_enabled);
    CHECK_FALSE(end.caller);
}

TEST_CASE("names of a peer count one by one, without case") {
    Snapshot snapshot = sample::snapshot();
    CHECK(*first(snapshot).delegates_to == std::vector<std::uint8_t>{0, all_names, all_names});
    sample::set(
        snapshot, "HV01", setting::delegation_services,
        Set({"CIFS/hv02", "cifs/HV03.bay.example", "Microsoft Virtual System Migration Service/HV03", "cifs/HV030"}));
    CHECK(*first(snapshot).delegates_to == std::vector<std::uint8_t>{0, cifs_short, cifs_full | migration_short});
    CHECK(*first(snapshot).lists_services);
    sample::set(snapshot, "HV01", setting::delegation_services, Set());
    CHECK_FALSE(*first(snapshot).lists_services);
}

TEST_CASE("accounts that a host admits: its peers', of their own domain; a group is somebody beyond") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::delegation_allowed_principals,
                Set({"HV02$", "HV03$@other.example", "Movers"}));
    const Admitted admits = *first(snapshot).admits;
    CHECK(admits.peers == std::vector<std::uint8_t>{0, 1, 0});
    CHECK(admits.beyond == "Movers");
    sample::set(snapshot, "HV01", setting::delegation_allowed_principals, Set({"@other.example"}));  // no name at all
    CHECK(first(snapshot).admits->beyond == "@other.example");
}

TEST_CASE("a host listens where it says; where it is off, where it would") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV01", setting::host_addresses, Set({"10.20.0.11", "10.9.0.1"}));
    sample::set(snapshot, "HV01", setting::host_listeners, Set({"10.9.0.1"}));
    const auto listens = [&] { return first(snapshot).listeners->addresses; };
    CHECK(listens() == std::vector<IpAddress>{*parse_address("10.9.0.1")});
    sample::set(snapshot, "HV01", setting::migration_enabled, false);
    CHECK(listens().size() == 2);
    sample::set(snapshot, "HV01", setting::migration_networks, Set({"10.20.0.0/16 5"}));
    CHECK(listens() == std::vector<IpAddress>{*parse_address("10.20.0.11")});
}

TEST_CASE("a change is taken over with what follows from it") {
    const Snapshot snapshot = sample::snapshot();
    Mesh mesh = meshes(inventory(), snapshot).at(0);
    const Decoder decoder(mesh);
    End& end = mesh.ends[0];
    decoder.apply(end, setting::migration_networks, Held(Set({"10.9.0.0/16"})));
    CHECK(end.listeners->addresses.empty());
    decoder.apply(end, setting::migration_networks, fail(Code::unreachable, "gone"));
    CHECK_FALSE(end.listeners);
    decoder.apply(end, setting::caller_delegable, Held());
    CHECK(end.caller == std::string());  // the directory does not show it, which is known
}

TEST_CASE("a host that is not covered is no end of any path") {
    Inventory some = sample::inventory();
    some.hosts[1].not_covered = "--except HV02";
    const auto all = meshes(some, sample::snapshot());
    REQUIRE(all.at(0).ends.size() == 2);
    CHECK(all[0].ends[1].host->name == "HV03");
    CHECK(all[0].ends[1].index == 1);
}

TEST_CASE("every condition rests on what is decoded, and nothing is decoded for none") {
    std::set<const Setting*> decoded, rested;
    for (const Decoder::Row& row : Decoder::rows()) CHECK(decoded.insert(row.setting).second);
    for (const ConditionRow& row : conditions()) {
        CHECK_FALSE(row.rests_on.empty());
        for (const Setting* setting : row.rests_on) {
            CHECK_MESSAGE(decoded.contains(setting), "`", row.name, "` rests on ", setting->name,
                          ", and Decoder has no row for it");
            rested.insert(setting);
        }
    }
    for (const Setting* setting : decoded)
        CHECK_MESSAGE(rested.contains(setting), "no condition rests on ", setting->name);
}

TEST_CASE("whether Credential Guard runs is asked of hosts that use CredSSP, once") {
    const Inventory estate = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    CHECK(further_path_questions(estate, snapshot).empty());
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string(setting::credssp));
    CHECK(further_path_questions(estate, snapshot) == std::vector<Address>{{"HV02", &setting::host_credential_guard}});
    Inventory without = estate;
    without.hosts[1].not_covered = "--except HV02";
    CHECK(further_path_questions(without, snapshot).empty());
    without = estate;
    without.hosts[1].domain.clear();
    CHECK(further_path_questions(without, snapshot).empty());
    for (const Reading& read : {Reading(Held(false)), Reading(Held()), Reading(fail(Code::denied, "no right"))}) {
        snapshot.readings.insert_or_assign(Address{"HV02", &setting::host_credential_guard}, read);
        CHECK(further_path_questions(estate, snapshot).empty());
    }
}

// Of a host that nobody could read everything is unknown.
TEST_CASE("every condition is unknown where nothing was read") {
    const std::vector<Mesh> all = meshes(inventory(), {});
    for (const ConditionRow& row : conditions()) {
        CAPTURE(row.name);
        CHECK(row.state(all[0].ends[0], all[0].ends[1]) == PathState::unknown);
    }
}

}  // namespace fairway::end_test
