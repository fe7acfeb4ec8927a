// See end.hpp.
#include "engine/paths/end.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/object_readings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/paths/conditions.hpp"

namespace fairway {
namespace {

template <class T>
std::optional<T> value_of(const Reading& reading) {
    if (!reading || !*reading) return std::nullopt;
    const T* value = std::get_if<T>(&**reading);
    return value ? std::optional<T>(*value) : std::nullopt;
}

std::optional<std::vector<IpAddress>> addresses_of(const Reading& reading) {
    const auto set = value_of<Set>(reading);
    if (!set) return std::nullopt;
    std::vector<IpAddress> out;
    for (const std::string_view text : *set)
        if (const auto address = parse_address(text)) out.push_back(*address);
    return out;
}

std::optional<Networks> networks_of(const Reading& reading) {
    const auto set = value_of<Set>(reading);
    if (!set) return std::nullopt;
    Networks out;
    for (const std::string_view element : *set) {
        if (element == setting::any_network) out.any = true;
        else if (const auto subnet = parse_subnet(key_of(Key::first_word, element))) out.subnets.push_back(*subnet);
    }
    return out;
}

Listeners listeners_on(std::vector<IpAddress> addresses) {
    const Kinds kinds = kinds_of(addresses);
    return {std::move(addresses), kinds};
}

// A host that is switched off listens nowhere; where it would listen is what the conditions ask.
void predict_listeners(End& end) {
    if (end.addresses && end.networks) end.listeners = listeners_on(listening(*end.addresses, *end.networks));
    else end.listeners.reset();
}

}  // namespace

Kinds kinds_of(const std::vector<IpAddress>& addresses) {
    Kinds out;
    for (const IpAddress& address : addresses)
        if (!is_own(address)) ++(is_link_local(address) ? out.link : out.usable).at(address.v6 ? 1 : 0);
    return out;
}

bool lies_in(const IpAddress& address, const Networks& networks) {
    return networks.any || std::any_of(networks.subnets.begin(), networks.subnets.end(),
                                       [&](const Subnet& subnet) { return contains(subnet, address); });
}

std::vector<IpAddress> listening(const std::vector<IpAddress>& addresses, const Networks& networks) {
    std::vector<IpAddress> out;
    for (const IpAddress& address : addresses)
        if (lies_in(address, networks)) out.push_back(address);
    return out;
}

Decoder::Decoder(const Mesh& mesh) {
    constexpr std::array<std::uint8_t, 4> bits = {cifs_short, cifs_full, migration_short, migration_full};
    for (const End& end : mesh.ends) {
        accounts_.emplace(text::fold(end.host->name + "$@" + end.host->account_domain), end.index);
        std::size_t at = 0;
        for (ServiceClass service : {ServiceClass::cifs, ServiceClass::migration})
            for (std::string& name : both_names(service, *end.host))
                names_.push_back({std::move(name), end.index, bits.at(at++)});
    }
    std::sort(names_.begin(), names_.end(),
              [](const Name& a, const Name& b) { return text::compare_folded(a.text, b.text) < 0; });
}

// One walk over two sorted lists, instead of a search for each peer.
std::vector<std::uint8_t> Decoder::coverage(const Set& services) const {
    std::vector<std::uint8_t> out(names_.size() / 4);
    Abreast walk(Key::whole, services);
    for (const Name& name : names_)
        if (walk.meets(name.text)) out[name.peer] = static_cast<std::uint8_t>(out[name.peer] | name.bit);
    return out;
}

// A computer's name ends in a dollar sign; of everything else it cannot be said here who is behind it.
Admitted Decoder::admitted(const Set& accounts, const Host& by) const {
    Admitted out{std::vector<std::uint8_t>(names_.size() / 4), {}};
    for (const std::string_view account : accounts) {
        const bool foreign = account.find('@') != std::string::npos;
        const auto peer = accounts_.find(text::fold(std::string(account) + (foreign ? "" : "@" + by.account_domain)));
        if (peer != accounts_.end()) out.peers[peer->second] = 1;
        else if (account.substr(0, account.find('@')).back() != '$' && out.beyond.empty()) out.beyond = account;
    }
    return out;
}

void Decoder::apply(End& end, const Setting& row, const Reading& reading) const {
    if (&row == &setting::migration_enabled) {
        end.enabled = value_of<bool>(reading);
    } else if (&row == &setting::migration_networks) {
        end.networks = networks_of(reading);
        predict_listeners(end);
    } else if (&row == &setting::host_addresses) {
        end.addresses = addresses_of(reading);
        predict_listeners(end);
    } else if (&row == &setting::host_listeners) {
        if (end.enabled != true) return;
        end.listeners.reset();
        if (auto addresses = addresses_of(reading)) end.listeners = listeners_on(std::move(*addresses));
    } else if (&row == &setting::migration_authentication) {
        end.authentication = value_of<std::string>(reading);
    } else if (&row == &setting::migration_max_live) {
        end.max_live = value_of<std::int64_t>(reading);
    } else if (&row == &setting::host_domain) {
        end.domain = value_of<std::string>(reading);
    } else if (&row == &setting::delegation_protocol_transition) {
        end.transition = value_of<bool>(reading);
    } else if (&row == &setting::account_dns_name) {
        end.dns_name = value_of<std::string>(reading);
    } else if (&row == &setting::delegation_services) {
        const auto services = value_of<Set>(reading);
        end.lists_services = services ? std::optional(!services->empty()) : std::nullopt;
        end.delegates_to = services ? std::optional(coverage(*services)) : std::nullopt;
    } else if (&row == &setting::delegation_allowed_principals) {
        const auto accounts = value_of<Set>(reading);
        end.admits = accounts ? std::optional(admitted(*accounts, *end.host)) : std::nullopt;
    } else if (&row == &setting::spn_migration) {
        const auto names = value_of<Set>(reading);
        if (names) end.own_names = covers(Key::whole, *names, names_of({ServiceClass::migration}, *end.host));
        else end.own_names.reset();
    } else if (&row == &setting::account_flags) {
        const auto flags = value_of<Set>(reading);
        end.account_enabled = flags ? std::optional(!flags->contains("accountdisable")) : std::nullopt;
    } else if (&row == &setting::caller_delegable) {
        end.caller = reading && !*reading ? std::optional(std::string()) : value_of<std::string>(reading);
    }
}

std::vector<Mesh> meshes(const Inventory& inventory, const Snapshot& snapshot) {
    std::unordered_map<std::string_view, const Host*> hosts;
    for (const Host& host : inventory.hosts) hosts.emplace(host.name, &host);
    std::vector<Mesh> out;
    out.reserve(inventory.domains.size());
    for (const MigrationDomain& domain : inventory.domains) {
        Mesh mesh{.domain = &domain, .ends = {}};
        for (const std::string& name : domain.hosts) {
            End end;
            end.host = hosts.at(name);
            if (!end.host->not_covered.empty()) continue;  // nothing is known of its paths
            end.index = mesh.ends.size();
            mesh.ends.push_back(std::move(end));
        }
        const Decoder decoder(mesh);
        for (End& end : mesh.ends) {
            const ObjectReadings read(snapshot, end.host->name);
            // The order of path_settings() puts listeners, as the host reports them, after what predicts them.
            for (const Setting* row : path_settings()) decoder.apply(end, *row, read.at(*row));
        }
        out.push_back(std::move(mesh));
    }
    return out;
}

}  // namespace fairway
