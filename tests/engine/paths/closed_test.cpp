// One bad host is one answer, not one for each of its paths.
#include "engine/paths/closed.hpp"

#include <doctest/doctest.h>

#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::closed_test {

namespace {

std::vector<ClosedPaths> causes(const Snapshot& snapshot, const std::function<bool(const Address&)>& told) {
    const Inventory inventory = sample::inventory();  // the hosts of meshes point into it
    const auto hosts = meshes(inventory, snapshot);
    return closed_by_cause(hosts, matrices(hosts), told);
}

bool nobody(const Address&) { return false; }

}  // namespace

TEST_CASE("closed paths are told by the host at which most of them end or begin") {
    CHECK(causes(sample::snapshot(), nobody).empty());
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    const auto one = causes(snapshot, nobody);
    REQUIRE(one.size() == 1);
    CHECK(one[0].domain == "west");
    CHECK(one[0].host == "HV02");
    CHECK(one[0].condition == "migration on");
    CHECK(one[0].paths == 4);
    CHECK((one[0].from == "HV02" || one[0].to == "HV02"));
    CHECK(one[0].evidence.find("HV02") != std::string::npos);
}

TEST_CASE("where it takes most of the hosts, the domain is to blame, with one path as the example") {
    Snapshot snapshot = sample::snapshot();
    for (const char* host : {"HV01", "HV02", "HV03"}) sample::set(snapshot, host, setting::migration_enabled, false);
    const auto all = causes(snapshot, nobody);
    REQUIRE(all.size() == 1);
    CHECK(all[0].host.empty());
    CHECK(all[0].paths == 6);
    CHECK(all[0].from == "HV01");
    CHECK(all[0].to == "HV02");
}

TEST_CASE("what something else speaks of already is not told again") {
    Snapshot snapshot = sample::snapshot();
    sample::set(snapshot, "HV02", setting::migration_enabled, false);
    const Address off{"HV02", &setting::migration_enabled};
    CHECK(causes(snapshot, [&](const Address& address) { return address == off; }).empty());
    CHECK(causes(snapshot, [&](const Address& address) { return address.object == "HV01"; }).size() == 1);
}

}  // namespace fairway::closed_test
