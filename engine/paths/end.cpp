// See end.hpp.
#include "engine/paths/end.hpp"

#include <algorithm>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/names/service_names.hpp"

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

// A host without the class has no Credential Guard.
std::optional<bool> runs(const Reading& reading) {
    return reading && !*reading ? std::optional(false) : value_of<bool>(reading);
}

bool uses_credssp(const ObjectReadings& host) {
    const std::string* word = host.value<std::string>(setting::migration_authentication);
    return word && *word == setting::credssp;
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
        else if (!account.substr(0, account.find('@')).ends_with('$') && out.beyond.empty()) out.beyond = account;
    }
    return out;
}

// Listeners, as the host reports them, come after what predicts them.
std::span<const Decoder::Row> Decoder::rows() {
    static const std::array all = {
        Row{&setting::migration_enabled,
            [](const Decoder&, End& end, const Reading& reading) { end.enabled = value_of<bool>(reading); }},
        Row{&setting::migration_networks,
            [](const Decoder&, End& end, const Reading& reading) {
                end.networks = networks_of(reading);
                predict_listeners(end);
            }},
        Row{&setting::host_addresses,
            [](const Decoder&, End& end, const Reading& reading) {
                end.addresses = addresses_of(reading);
                predict_listeners(end);
            }},
        Row{&setting::host_listeners,
            [](const Decoder&, End& end, const Reading& reading) {
                if (end.enabled != true) return;
                end.listeners.reset();
                if (auto addresses = addresses_of(reading)) end.listeners = listeners_on(std::move(*addresses));
            }},
        Row{&setting::migration_authentication,
            [](const Decoder&, End& end, const Reading& reading) {
                end.authentication = value_of<std::string>(reading);
            }},
        Row{&setting::host_credential_guard,
            [](const Decoder&, End& end, const Reading& reading) { end.credential_guard = runs(reading); },
            uses_credssp},
        Row{&setting::migration_max_live,
            [](const Decoder&, End& end, const Reading& reading) { end.max_live = value_of<std::int64_t>(reading); }},
        Row{&setting::host_domain,
            [](const Decoder&, End& end, const Reading& reading) { end.domain = value_of<std::string>(reading); }},
        Row{&setting::delegation_protocol_transition,
            [](const Decoder&, End& end, const Reading& reading) { end.transition = value_of<bool>(reading); }},
        Row{&setting::account_dns_name,
            [](const Decoder&, End& end, const Reading& reading) { end.dns_name = value_of<std::string>(reading); }},
        Row{&setting::delegation_services,
            [](const Decoder& decoder, End& end, const Reading& reading) {
                const auto services = value_of<Set>(reading);
                end.lists_services = services ? std::optional(!services->empty()) : std::nullopt;
                end.delegates_to = services ? std::optional(decoder.coverage(*services)) : std::nullopt;
            }},
        Row{&setting::delegation_allowed_principals,
            [](const Decoder& decoder, End& end, const Reading& reading) {
                const auto accounts = value_of<Set>(reading);
                end.admits = accounts ? std::optional(decoder.admitted(*accounts, *end.host)) : std::nullopt;
            }},
        Row{&setting::spn_migration,
            [](const Decoder&, End& end, const Reading& reading) {
                const auto names = value_of<Set>(reading);
                if (names) end.own_names = covers(Key::whole, *names, names_of({ServiceClass::migration}, *end.host));
                else end.own_names.reset();
            }},
        Row{&setting::account_flags,
            [](const Decoder&, End& end, const Reading& reading) {
                const auto flags = value_of<Set>(reading);
                end.account_enabled = flags ? std::optional(!flags->contains("accountdisable")) : std::nullopt;
            }},
        Row{&setting::caller_delegable,
            [](const Decoder&, End& end, const Reading& reading) {
                end.caller = reading && !*reading ? std::optional(std::string()) : value_of<std::string>(reading);
            }},
    };
    return all;
}

std::span<const Setting* const> path_settings() {
    static const std::vector<const Setting*> all = [] {
        std::vector<const Setting*> out;
        for (const Decoder::Row& row : Decoder::rows())
            if (!row.matters) out.push_back(row.setting);
        return out;
    }();
    return all;
}

std::vector<Address> further_path_questions(const Inventory& inventory, const Snapshot& snapshot) {
    std::vector<Address> out;
    for (const Host& host : inventory.hosts) {
        if (host.domain.empty() || !host.not_covered.empty()) continue;
        const ObjectReadings read(snapshot, host.name);
        for (const Decoder::Row& row : Decoder::rows())
            if (row.matters && row.matters(read) && !read.find(*row.setting)) out.push_back({host.name, row.setting});
    }
    return out;
}

void Decoder::apply(End& end, const Setting& setting, const Reading& reading) const {
    for (const Row& row : rows())
        if (row.setting == &setting) row.take(*this, end, reading);
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
            for (const Decoder::Row& row : Decoder::rows()) row.take(decoder, end, read.at(*row.setting));
        }
        out.push_back(std::move(mesh));
    }
    return out;
}

}  // namespace fairway
