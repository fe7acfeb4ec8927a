// What two hosts' addresses and networks say of the way from one to the other.
#include "engine/paths/network.hpp"

#include <doctest/doctest.h>

#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/explain.hpp"
#include "tests/sample.hpp"

namespace fairway::network_test {

namespace {

constexpr auto open = PathState::open, closed = PathState::closed, unknown = PathState::unknown;

// HV01 and HV02 with these addresses and networks, both listening as they would.
Condition network(const Set& from, const Set& from_networks, const Set& to, const Set& to_networks = Set({"any"})) {
    Snapshot snapshot = sample::snapshot();
    const auto put = [&](const char* host, const Set& addresses, const Set& networks) {
        sample::set(snapshot, host, setting::host_addresses, addresses);
        sample::set(snapshot, host, setting::migration_networks, networks);
        const Reading none = fail(Code::unreachable, "not asked");
        snapshot.readings.insert_or_assign(Address{host, &setting::host_listeners}, none);
        sample::set(snapshot, host, setting::migration_enabled, false);  // so where it listens is worked out
    };
    put("HV01", from, from_networks);
    put("HV02", to, to_networks);
    const Inventory estate = sample::inventory();
    const std::vector<Mesh> mesh = meshes(estate, snapshot);
    const End &source = mesh[0].ends[0], &destination = mesh[0].ends[1];
    return {"network", network_state(source, destination), network_evidence(source, destination),
            network_fix(source, destination)};
}

const Set any({"any"}), v4({"10.20.0.11"}), v6({"fd00:20::c"}), apipa({"169.254.3.4"}), neighbour({"fe80::11"});
const Set none, own({"127.0.0.1", "::1", "0.0.0.0", "::"});

}  // namespace

TEST_CASE("network: a way needs addresses of one family at both ends") {
    struct Row {
        const char* what;
        Set from, from_networks, to;
        PathState state;
        const char* evidence;
        const char* fix_at = "";
    };
    const Row rows[] = {
        {"IPv4 at both", v4, any, Set({"10.20.0.12"}), open, "HV02 listens on 10.20.0.12"},
        {"IPv6 at both", Set({"fd00:20::b"}), any, v6, open, "HV02 listens on fd00:20::c"},
        {"both families here, one there", Set({"10.20.0.11", "fd00:20::b"}), any, v6, open, "HV02 listens on"},
        {"no family in common", v4, any, v6, closed,
         "HV02 listens on fd00:20::c, HV01 has 10.20.0.11: no usable address of the same IP family"},
        {"and link-local ones at one end change nothing", Set({"10.20.0.11", "fe80::11"}), any, v6, closed,
         "no usable"},
        {"nor do loopback and unspecified ones", Set({"10.20.0.11", "::1", "::"}), any, v6, closed, "no usable"},
        {"link-local alone at both", neighbour, any, Set({"fe80::12"}), unknown,
         "only link-local addresses could meet"},
        {"beside addresses that do not meet", Set({"10.20.0.11", "fe80::11"}), any, Set({"fd00:20::c", "fe80::12"}),
         unknown, "only link-local addresses could meet"},
        {"beside addresses that do", Set({"10.20.0.11", "fe80::11"}), any, Set({"10.20.0.12", "fe80::12"}), open, ""},
        {"APIPA alone at both", apipa, any, Set({"169.254.9.9"}), unknown, "whether the hosts share a link"},
        {"APIPA alone at the source", apipa, any, v4, unknown, "only link-local addresses could meet"},
        {"APIPA alone at the destination", v4, any, apipa, unknown, "only link-local addresses could meet"},
        {"link-local alone of the other family", v4, any, neighbour, closed, "no usable address of the same IP family"},
        {"the destination has no address for others", v4, any, own, closed, "HV02 listens nowhere"},
        {"the source has none", own, any, v4, closed, "no address of HV01 lies in its migration networks"},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        const Condition seen = network(row.from, row.from_networks, row.to);
        CHECK(seen.state == row.state);
        CHECK_MESSAGE(seen.evidence.find(row.evidence) != std::string::npos, seen.evidence);
        if (row.state == closed) CHECK(seen.fix.setting == nullptr);  // no setting of ours gives a host an address
    }
}

TEST_CASE("network: the source goes out of its own networks, and they are where it is fixed") {
    const Set both({"10.20.0.11", "fd00:20::b"}), there({"10.20.0.12", "fd00:20::c"});
    const auto mended_at = [](const Condition& seen, const char* host) {
        CHECK(seen.state == closed);
        CHECK(seen.fix.setting == &setting::migration_networks);
        CHECK(seen.fix.object == host);
    };
    CHECK(network(both, Set({"10.20.0.0/24"}), there).state == open);
    mended_at(network(both, Set({"10.9.0.0/16"}), there), "HV01");                   // the destination lies outside
    mended_at(network(both, Set({"10.20.0.12/32"}), there), "HV01");                 // it has no address in there
    mended_at(network(both, any, there, Set({"10.9.0.0/16"})), "HV02");              // nobody listens
    mended_at(network(both, Set({"10.20.0.11/32", "fd00:20::c/128"}), v6), "HV01");  // an IPv4 way to an IPv6 listener
    mended_at(network(v4, any, there, Set({"fd00:20::/64"})), "HV02");               // its IPv4 address may not listen
}

TEST_CASE("network: what is not known of an end that decides leaves it unknown") {
    Snapshot snapshot = sample::snapshot();
    const Inventory estate = sample::inventory();
    const auto state_of = [&](std::size_t from, std::size_t to) {
        const std::vector<Mesh> mesh = meshes(estate, snapshot);
        return network_state(mesh[0].ends[from], mesh[0].ends[to]);
    };
    CHECK(state_of(0, 1) == open);
    // An account that may not read root\cimv2 sees no adapters; the migration service tells where it listens.
    snapshot.readings.insert_or_assign(Address{"HV01", &setting::host_addresses}, fail(Code::denied, "cimv2"));
    CHECK(state_of(0, 1) == open);
    snapshot.readings.insert_or_assign(Address{"HV01", &setting::host_listeners}, fail(Code::denied, "v2"));
    CHECK(state_of(0, 1) == unknown);
    CHECK(state_of(1, 0) == unknown);
}

}  // namespace fairway::network_test
