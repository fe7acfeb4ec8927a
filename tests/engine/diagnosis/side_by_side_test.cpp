// In which settings do hosts differ, and who is the odd one out?
#include "engine/diagnosis/side_by_side.hpp"

#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway::side_by_side_test {

namespace {

const std::vector<std::string> three = {"HV01", "HV02", "HV03"};

std::string said(const Snapshot& snapshot) {
    std::string out;
    for (const Difference& one : side_by_side(snapshot, three)) {
        out += std::string(one.setting->name);
        for (const HeldBy& held : one.values) {
            out += " " + held.value + ":";
            for (const std::string& host : held.hosts) out += host + ",";
        }
        out += one.has_odd_ones() ? " odd\n" : " mixed\n";
    }
    return out;
}

}  // namespace

TEST_CASE("side by side: only what differs, the most common value first") {
    Snapshot snapshot;
    for (const std::string& host : three) snapshot.readings[{host, &setting::migration_enabled}] = Value(true);
    CHECK(said(snapshot).empty());
    snapshot.readings[{"HV01", &setting::migration_enabled}] = Value(false);
    CHECK(said(snapshot) == "migration.enabled on:HV02,HV03, off:HV01, odd\n");
}

TEST_CASE("side by side: sets are compared whole, what is absent and what cannot be read are values of their own") {
    Snapshot snapshot;
    const auto networks = [&](const char* host, std::vector<std::string> all) {
        snapshot.readings[{host, &setting::migration_networks}] = Value(Set(all));
    };
    networks("HV01", {"10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"});
    networks("HV02", {"10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16", "10.4.0.0/16"});
    snapshot.readings[{"HV03", &setting::migration_networks}] = tl::unexpected(Error{Code::denied, "no"});
    CHECK(said(snapshot).ends_with("mixed\n"));
    CHECK(side_by_side(snapshot, three)[0].values.size() == 3);
    CHECK(side_by_side(snapshot, three)[0].values[2].value == "?");
}

}  // namespace fairway::side_by_side_test
