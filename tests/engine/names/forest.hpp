// A small forest for tables of pure tests of its service principal names: what the accounts of an estate in order hold,
// and how to spoil it.
#pragma once

#include <doctest/doctest.h>

#include "engine/base/text.hpp"
#include "engine/names/service_names.hpp"
#include "engine/names/spn_health.hpp"
#include "tests/sample.hpp"

namespace fairway::forest {

inline std::string migration(std::string_view host) { return std::string(migration_service) + "/" + std::string(host); }

// As a join and the first start of Hyper-V leave an account.
inline NameOwner owner_of(const Host& host) {
    NameOwner out{.dn = "CN=" + host.name + ",DC=bay,DC=example",
                  .account = host.name + "$",
                  .dns = host.dns,
                  .object_class = "computer",
                  .names = {}};
    for (const std::string& name : {host.name, host.dns}) {
        out.names.push_back("HOST/" + name);
        out.names.push_back("RestrictedKrbHost/" + name);
        for (const std::string_view service_class : hyperv_classes())
            out.names.push_back(std::string(service_class) + "/" + name);
    }
    return out;
}

inline RegisteredNames forest_of(const Inventory& estate) {
    RegisteredNames out;
    out.source = "dc01.bay.example";
    out.aliases = {{"host", {"alerter", "cifs", "http"}}};
    for (const Host& host : estate.hosts) out.owners.push_back(owner_of(host));
    return out;
}

inline NameOwner other(std::string account, std::vector<std::string> names) {
    return {.dn = "CN=" + account + ",OU=Others,DC=bay,DC=example",
            .account = account,
            .dns = {},
            .object_class = "user",
            .names = std::move(names)};
}

inline NameOwner& hv01(RegisteredNames& forest) { return forest.owners[0]; }

inline void lose(NameOwner& owner, const std::string& name) {
    const std::size_t before = owner.names.size();
    std::erase(owner.names, name);
    REQUIRE(owner.names.size() + 1 == before);
}

inline std::string told(const NameHealth& health) {
    std::string out;
    for (const NameFinding& f : health.findings)
        out += std::string(name(f.fault)) + " " + f.host + " " + text::join(f.names, ",") + ": " + f.because + "\n";
    return out;
}

}  // namespace fairway::forest
