// Does it matter where a move is started?
#include "engine/paths/start_points.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/engine/paths/between.hpp"

namespace fairway::start_points_test {

namespace {

// "here, source"
std::string states(const Snapshot& snapshot) {
    const auto starts = path(snapshot, 0, 1).starts;
    REQUIRE(starts.size() == 2);
    return std::string(name(starts[0].state)) + ", " + std::string(name(starts[1].state));
}

}  // namespace

TEST_CASE("start points: without protocol transition a move works only for whoever is signed on at the source") {
    Snapshot snapshot = sample::snapshot();
    CHECK(states(snapshot) == "open, open");
    sample::set(snapshot, "HV01", setting::delegation_protocol_transition, false);
    CHECK(states(snapshot) == "closed, open");
    CHECK(path(snapshot, 0, 1).starts[0].why == "because of protocol transition");
    CHECK(path(snapshot, 0, 1).starts[1].why ==
          "protocol transition is not needed there (reported by users, not documented)");
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    CHECK(states(snapshot) == "closed, closed");
    CHECK(path(snapshot, 0, 1).starts[0].why == "because of migration on, protocol transition");
}

TEST_CASE("start points: with CredSSP only somebody who is signed on at the source has credentials to pass on") {
    Snapshot snapshot = sample::snapshot();
    for (const char* host : {"HV01", "HV02"}) {
        sample::set(snapshot, host, setting::migration_authentication, std::string(setting::credssp));
        sample::set(snapshot, host, setting::host_credential_guard, false);
    }
    CHECK(states(snapshot) == "closed, open");
    snapshot.readings.insert_or_assign(Address{"HV01", &setting::host_credential_guard},
                                       Reading(tl::unexpected(Error{Code::denied, "no"})));
    CHECK(states(snapshot) == "closed, unknown");
}

TEST_CASE("start points: what cannot be read leaves both unknown") {
    Snapshot snapshot = sample::snapshot();
    snapshot.readings.insert_or_assign(Address{"HV01", &setting::migration_authentication},
                                       Reading(tl::unexpected(Error{Code::denied, "no"})));
    CHECK(states(snapshot) == "unknown, unknown");
}

}  // namespace fairway::start_points_test
