// See fleet.hpp.
#include "tests/bench/fleet.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/identity.hpp"

namespace fairway::bench {
namespace {

const std::vector<ServiceClass> both_services = {ServiceClass::cifs, ServiceClass::migration};

enum class Fault { none, gaps, credssp, stray_subnet, off, unconstrained, credssp_and_off };

// Each fault on every twentieth host, never two on one.
Fault fault_of(std::size_t index, State state) {
    if (state == State::mixed && index % 2 == 1) return index % 8 == 1 ? Fault::credssp_and_off : Fault::credssp;
    if (state != State::faulty) return Fault::none;
    switch (index % 20) {
        case 0: return Fault::gaps;
        case 4: return Fault::credssp;
        case 8: return Fault::stray_subnet;
        case 12: return Fault::off;
        case 16: return Fault::unconstrained;
        default: return Fault::none;
    }
}

// Gaps: every fourth peer is missing. Every tenth host also holds two values of somebody else's.
Set delegation(const Inventory& inventory, std::size_t index, Fault fault) {
    const std::size_t first = index / hosts_per_domain * hosts_per_domain;
    const std::size_t end = std::min(first + hosts_per_domain, inventory.hosts.size());
    std::vector<std::string> values;
    for (std::size_t peer = first; peer < end; ++peer) {
        if (peer == index || (fault == Fault::gaps && peer % 4 == 1)) continue;
        for (ServiceClass service : both_services)
            for (std::string& name : both_names(service, inventory.hosts[peer])) values.push_back(std::move(name));
    }
    if (index % 10 == 1)
        for (const char* sql : {"MSSQLSvc/sql01:1433", "MSSQLSvc/sql01.corp.example:1433"}) values.emplace_back(sql);
    return Set(std::move(values));
}

Set addresses(std::size_t index) {
    return Set({fmt::format("10.20.{}.{}", index / 250, index % 250 + 1), fmt::format("fd20::{:x}", index + 1)});
}

void put_host(Readings& out, const Host& host, std::size_t index, Fault fault) {
    const auto put = [&](const Setting& setting, Value value) {
        out.emplace(Address{host.name, &setting}, Held(std::move(value)));
    };
    const bool off = fault == Fault::off || fault == Fault::credssp_and_off;
    const bool credssp = fault == Fault::credssp || fault == Fault::credssp_and_off;
    const bool listens = !off && fault != Fault::stray_subnet;
    put(setting::migration_enabled, !off);
    put(setting::migration_authentication, std::string(credssp ? setting::credssp : setting::kerberos));
    if (credssp) put(setting::host_credential_guard, false);
    put(setting::migration_performance, std::string("compression"));
    put(setting::migration_max_live, std::int64_t{2});
    put(setting::migration_networks,
        Set({fault == Fault::stray_subnet ? "10.9.0.0/16 metric 5" : std::string(setting::any_network)}));
    put(setting::host_addresses, addresses(index));
    put(setting::host_listeners, listens ? addresses(index) : Set());
    put(setting::host_domain, std::string("corp.example"));
    put(setting::host_running_migrations, std::int64_t{0});
    out.emplace(Address{host.name, &setting::host_cluster}, Held{});
    put(setting::delegation_protocol_transition, true);
    put(setting::delegation_unconstrained, fault == Fault::unconstrained);
    put(setting::spn_migration, names_of({ServiceClass::migration}, host));
    put(setting::account_dns_name, host.dns);
    put(setting::account_sid, "S-1-5-21-1004336348-1177238915-682003330-" + std::to_string(10'000 + index));
    put(setting::account_own_names, needed_of(host));
    put(setting::account_uncontested_names, needed_of(host));
    put(setting::delegation_vanished, Set());
    put(setting::delegation_allowed_principals, Set());
    put(setting::caller_delegable, std::string("yes"));
    put(setting::account_flags, Set({"workstation_trust_account", "trusted_to_auth_for_delegation"}));
}

}  // namespace

Inventory make_inventory(std::size_t hosts) {
    Inventory out;
    out.estate = "bench";
    out.digest = std::string(64, '0');
    out.file = "bench.yaml";
    for (std::size_t i = 0; i < hosts; ++i) {
        Host host;
        host.name = fmt::format("HV{:05}", i + 1);
        host.dns = fmt::format("hv{:05}.corp.example", i + 1);
        host.account_domain = "corp.example";
        host.domain = fmt::format("pod{:03}", i / hosts_per_domain + 1);
        if (i % hosts_per_domain == 0) out.domains.push_back({.name = host.domain, .hosts = {}, .where = {}});
        out.domains.back().hosts.push_back(host.name);
        out.hosts.push_back(std::move(host));
    }
    return out;
}

Snapshot make_snapshot(const Inventory& inventory, State state) {
    Snapshot out;
    for (std::size_t i = 0; i < inventory.hosts.size(); ++i) {
        const Host& host = inventory.hosts[i];
        const Fault fault = fault_of(i, state);
        put_host(out.readings, host, i, fault);
        out.readings.emplace(Address{host.name, &setting::delegation_services},
                             Held(state == State::empty ? Set() : delegation(inventory, i, fault)));
    }
    return out;
}

std::int64_t delegation_values(const Snapshot& snapshot) {
    std::int64_t out = 0;
    for (const auto& [address, reading] : snapshot.readings)
        if (address.setting == &setting::delegation_services)
            out += static_cast<std::int64_t>(as_set(**reading)->size());
    return out;
}

std::int64_t delegation_values_wanted(const Inventory& inventory) {
    std::int64_t out = 0;
    for (const MigrationDomain& domain : inventory.domains) {
        const auto members = static_cast<std::int64_t>(domain.hosts.size());
        out += members * (members - 1) * 4;  // two services, each by short and by full name
    }
    return out;
}

}  // namespace fairway::bench
