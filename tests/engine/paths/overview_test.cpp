// A large migration domain in a few figures: which hosts have closed paths, and what closes them.
#include "engine/paths/overview.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::overview_test {

namespace {

DomainPaths of(const Snapshot& snapshot) {
    const Inventory inventory = sample::inventory();
    const std::vector<Mesh> hosts = meshes(inventory, snapshot);
    const auto all = overview(hosts, matrices(hosts));
    REQUIRE(all.size() == 1);
    return all[0];
}

}  // namespace

TEST_CASE("an estate in order has nothing closed") {
    const DomainPaths one = of(sample::snapshot());
    CHECK(one.domain == "west");
    CHECK(one.hosts == 3);
    CHECK(one.paths == PathCount{6, 0, 0});
    CHECK(one.closed.empty());
    CHECK(one.condition.empty());
}

TEST_CASE("hosts with the most closed paths come first, and the condition that closes most is named") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_authentication, std::string("credssp"));
    sample::set(snapshot, "HV03", setting::delegation_services, Set());
    const DomainPaths one = of(snapshot);
    CHECK(one.paths == PathCount{1, 5, 0});
    REQUIRE(one.closed.size() == 3);
    CHECK(one.closed[0].host == "HV02");
    CHECK(one.closed[0].out == 2);
    CHECK(one.closed[0].in == 2);
    CHECK(one.closed[1].host == "HV01");  // as many as HV03, and before it
    CHECK(one.closed[1].out == 1);
    CHECK(one.closed[1].in == 2);
    CHECK(one.condition == "authentication");
    CHECK(one.by_condition == 4);
}

TEST_CASE("what is not known closes nothing") {
    Snapshot snapshot;
    const DomainPaths one = of(snapshot);
    CHECK(one.paths == PathCount{0, 0, 6});
    CHECK(one.closed.empty());
    CHECK(one.condition.empty());
}

}  // namespace fairway::overview_test
