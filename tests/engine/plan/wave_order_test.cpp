// Hosts of a domain that uses both protocols go through the waves so that most paths stay open.
#include "engine/plan/wave_order.hpp"

#include <doctest/doctest.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "tests/sample.hpp"

namespace fairway::wave_order_test {

namespace {

Changed to_kerberos(const char* host) {
    return {
        .name = host,
        .domain = "west",
        .changes = {
            {{host, &setting::migration_authentication}, std::string("credssp"), std::string("kerberos"), {"r"}, {}}}};
}

std::vector<std::string> names_of(const std::vector<Changed>& hosts) {
    std::vector<std::string> out;
    for (const Changed& host : hosts) out.push_back(host.name);
    return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the host whose change opens most goes first; additions to the directory count as made") {
    const Inventory inventory = sample::inventory();
    Snapshot snapshot = sample::snapshot();
    for (const char* host : {"HV01", "HV02"}) {
        sample::set(snapshot, host, setting::migration_authentication, std::string("credssp"));
        sample::set(snapshot, host, setting::host_credential_guard, true);  // nothing can leave either
    }
    sample::set(snapshot, "HV01", setting::delegation_services, Set());
    std::vector<Changed> hosts = {to_kerberos("HV01"), to_kerberos("HV02")};
    WaveOrder(inventory, snapshot, {}).put_in_order(hosts, {}, {1, 2});
    CHECK(names_of(hosts) == Names{"HV02", "HV01"});  // from HV01 nothing could be delegated

    const Value full = **sample::snapshot().at({"HV01", &setting::delegation_services});
    hosts = {to_kerberos("HV01"), to_kerberos("HV02")};
    WaveOrder(inventory, snapshot, {{{"HV01", &setting::delegation_services}, Set(), full, {"r"}, {}}})
        .put_in_order(hosts, {}, {1, 2});
    CHECK(names_of(hosts) == Names{"HV01", "HV02"});
}

TEST_CASE("hosts of which nothing is known keep their order") {
    const Inventory inventory = sample::inventory();
    std::vector<Changed> hosts = {to_kerberos("HV02"), to_kerberos("HV77"), to_kerberos("HV01")};
    WaveOrder(inventory, sample::snapshot(), {}).put_in_order(hosts, {}, {1});
    CHECK(names_of(hosts) == Names{"HV02", "HV77", "HV01"});
}

}  // namespace fairway::wave_order_test
