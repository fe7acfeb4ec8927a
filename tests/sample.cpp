// See sample.hpp.
#include "tests/sample.hpp"

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"

namespace fairway::sample {

Inventory inventory() {
    Inventory out;
    out.estate = "bay";
    out.file = "inventory.yaml";
    out.digest = std::string(64, 'a');
    MigrationDomain domain{.name = "west", .hosts = {}, .where = {}};
    for (const char* name : {"HV01", "HV02", "HV03"}) {
        Host host;
        host.name = name;
        host.dns = text::fold(name) + ".bay.example";
        host.account_domain = "bay.example";
        host.domain = domain.name;
        domain.hosts.push_back(host.name);
        out.hosts.push_back(std::move(host));
    }
    out.domains.push_back(std::move(domain));
    return out;
}

Inventory inventory_and_one_alone() {
    Inventory out = inventory();
    Host alone;
    alone.name = "LONE";
    alone.dns = "lone.bay.example";
    out.hosts.push_back(std::move(alone));
    return out;
}

Snapshot snapshot() {
    const Inventory estate = inventory();
    Snapshot out;
    for (const Host& host : estate.hosts) {
        const auto put = [&](const Setting& row, Value value) {
            out.readings.insert_or_assign(Address{host.name, &row}, Held(std::move(value)));
        };
        Set services;
        for (const Host& peer : estate.hosts)
            if (peer.name != host.name)
                services = unite(Key::whole, services, names_of({ServiceClass::cifs, ServiceClass::migration}, peer));
        const std::string address = "10.20.0.1" + host.name.substr(3);
        put(setting::migration_enabled, true);
        put(setting::migration_authentication, std::string("kerberos"));
        put(setting::migration_performance, std::string("compression"));
        put(setting::migration_max_live, std::int64_t{2});
        put(setting::migration_networks, Set({"any"}));
        put(setting::host_addresses, Set({address}));
        put(setting::host_listeners, Set({address}));
        put(setting::host_domain, std::string("bay.example"));
        put(setting::delegation_services, services);
        put(setting::delegation_allowed_principals, Set());
        put(setting::delegation_protocol_transition, true);
        put(setting::delegation_unconstrained, false);
        put(setting::spn_migration, names_of({ServiceClass::migration}, host));
        put(setting::account_dns_name, host.dns);
        put(setting::caller_delegable, std::string("yes"));
        put(setting::account_flags, Set({"workstation_trust_account"}));
    }
    return out;
}

}  // namespace fairway::sample
