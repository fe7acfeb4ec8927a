// What the path conditions need to know of one host, decoded once from a snapshot. Empty optionals mean
// "could not be read": they make a condition unknown, never open or closed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/subnet.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/object_readings.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway {

struct Networks {
    bool any = false;
    std::vector<Subnet> subnets;
};

// How many addresses of each IP family (IPv4, IPv6) lead anywhere, and how many only to neighbours: those of one link
// look the same on every link, so they do not tell whether two hosts are on the same one.
struct Kinds {
    std::array<int, 2> usable{}, link{};
    bool any_usable() const { return usable[0] + usable[1] > 0; }
    bool any() const { return any_usable() || link[0] + link[1] > 0; }
};

// Where a host listens; the kinds are counted once, as every pair of hosts asks for them.
struct Listeners {
    std::vector<IpAddress> addresses;
    Kinds kinds;
};

// Bits of End::delegates_to: which names of a peer stand in the host's delegation list.
enum : std::uint8_t { cifs_short = 1, cifs_full = 2, migration_short = 4, migration_full = 8, all_names = 15 };

// Whose accounts may act on behalf of others towards a host (resource-based delegation).
struct Admitted {
    std::vector<std::uint8_t> peers;  // by the peer's index: 1 where its own account is named
    std::string beyond;               // the first that is no computer's name: a group, maybe, or a SID; or empty
};

struct End {
    const Host* host = nullptr;
    std::size_t index = 0;  // in its mesh
    std::optional<bool> enabled;
    std::optional<std::string> authentication;
    std::optional<bool> credential_guard;  // it runs there; a host without that class has none
    std::optional<std::int64_t> max_live;
    std::optional<Networks> networks;
    std::optional<std::vector<IpAddress>> addresses;
    std::optional<Listeners> listeners;
    std::optional<std::string> domain;
    std::optional<std::vector<std::uint8_t>> delegates_to;  // by the peer's index: bits above
    std::optional<bool> lists_services;                     // its delegation list holds anything
    std::optional<Admitted> admits;
    std::optional<bool> transition;
    std::optional<bool> own_names;  // both names of the migration service are registered
    std::optional<std::string> dns_name;
    std::optional<bool> account_enabled;
    std::optional<std::string> caller;  // caller.delegable; an empty text where the directory does not show it
};

// The hosts of one migration domain.
struct Mesh {
    const MigrationDomain* domain = nullptr;
    std::vector<End> ends;
};

std::vector<Mesh> meshes(const Inventory& inventory, const Snapshot& snapshot);

// Takes over one new value, as a plan's step would make it, and what follows from it: a host whose networks
// change listens elsewhere.
class Decoder {
public:
    explicit Decoder(const Mesh& mesh);
    void apply(End& end, const Setting& setting, const Reading& reading) const;

    // What one setting tells of an End.
    struct Row {
        const Setting* setting;
        void (*take)(const Decoder& decoder, End& end, const Reading& reading);
        // Empty: every host is asked. Else only those are for which it matters, by what was read of them.
        bool (*matters)(const ObjectReadings& host) = nullptr;
    };
    // In the order in which a host is decoded.
    static std::span<const Row> rows();

private:
    struct Name {
        std::string text;
        std::size_t peer;
        std::uint8_t bit;
    };
    std::vector<std::uint8_t> coverage(const Set& services) const;
    Admitted admitted(const Set& accounts, const Host& by) const;
    std::vector<Name> names_;                                // every name of every member, in the order of Set
    std::unordered_map<std::string, std::size_t> accounts_;  // "hv01$@corp.example", to the member's index
};

// What conditions read of every host, in the decoder's order.
std::span<const Setting* const> path_settings();

// What they read of some hosts only, where it matters by what was read already and was not read yet.
std::vector<Address> further_path_questions(const Inventory& inventory, const Snapshot& snapshot);

Kinds kinds_of(const std::vector<IpAddress>& addresses);
bool lies_in(const IpAddress& address, const Networks& networks);

// The addresses of a host that lie in one of its migration networks: where it would listen.
std::vector<IpAddress> listening(const std::vector<IpAddress>& addresses, const Networks& networks);

}  // namespace fairway
