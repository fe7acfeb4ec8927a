// See network.hpp.
#include "engine/paths/network.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "engine/model/migration_settings.hpp"

namespace fairway {
namespace {

// Why the condition is what it is; in the order in which it is looked at.
enum class Contact { deaf, unread, outside, mute, shared, neighbours, no_family };

// A link-local address counts beside usable ones only if both ends have one, and where an end has nothing else.
Contact families(const Kinds& own, const Kinds& there) {
    bool neighbours = false;
    for (std::size_t f = 0; f < own.usable.size(); ++f) {
        if (own.usable[f] > 0 && there.usable[f] > 0) return Contact::shared;
        neighbours = neighbours || (own.link[f] > 0 && there.link[f] > 0) ||
                     (own.link[f] > 0 && there.usable[f] > 0 && !own.any_usable()) ||
                     (own.usable[f] > 0 && there.link[f] > 0 && !there.any_usable());
    }
    return neighbours ? Contact::neighbours : Contact::no_family;
}

Contact contact(const End& from, const End& to) {
    if (to.listeners && !to.listeners->kinds.any()) return Contact::deaf;
    if (!to.listeners || !from.networks) return Contact::unread;
    const Kinds there =
        from.networks->any ? to.listeners->kinds : kinds_of(listening(to.listeners->addresses, *from.networks));
    if (!there.any()) return Contact::outside;
    if (!from.listeners) return Contact::unread;
    const Kinds& own = from.listeners->kinds;
    return own.any() ? families(own, there) : Contact::mute;
}

std::string list(const std::optional<Listeners>& listeners) {
    if (!listeners) return "unknown";
    std::vector<std::string> parts;
    for (const IpAddress& address : listeners->addresses) parts.push_back(show(address));
    return text::join(parts, ", ");
}

// Whether the end's networks, and not its addresses, keep it from the other: with `any` they would meet.
bool could_meet(const End& end, const End& other) {
    return end.addresses && other.listeners &&
           families(kinds_of(*end.addresses), other.listeners->kinds) == Contact::shared;
}

// An address that its networks admit; null: there is none. A host that listens nowhere all the same started vmms before
// it had it.
const IpAddress* admitted_address(const End& end) {
    if (!end.addresses || !end.networks) return nullptr;
    const auto it = std::find_if(end.addresses->begin(), end.addresses->end(), [&](const IpAddress& address) {
        return lies_in(address, *end.networks) && kinds_of({address}).any();
    });
    return it == end.addresses->end() ? nullptr : &*it;
}

bool has_usable(const End& end) { return !end.addresses || kinds_of(*end.addresses).any(); }

}  // namespace

PathState network_state(const End& from, const End& to) {
    switch (contact(from, to)) {
        case Contact::shared: return PathState::open;
        case Contact::unread:
        case Contact::neighbours: return PathState::unknown;
        default: return PathState::closed;
    }
}

std::string network_evidence(const End& from, const End& to) {
    const std::string &source = from.host->name, &destination = to.host->name, listens = list(to.listeners);
    switch (contact(from, to)) {
        case Contact::deaf:
            if (const IpAddress* idle = admitted_address(to))
                return fmt::format("{} listens nowhere, although {} lies in its migration networks: restart vmms there",
                                   destination, show(*idle));
            return fmt::format("{} listens nowhere: no address of it lies in its migration networks", destination);
        case Contact::outside:
            return fmt::format("{} listens on {}, outside the migration networks of {}", destination, listens, source);
        case Contact::mute:
            return fmt::format("{} listens on {}, and no address of {} lies in its migration networks", destination,
                               listens, source);
        case Contact::no_family:
            return fmt::format("{} listens on {}, {} has {}: no usable address of the same IP family", destination,
                               listens, source, list(from.listeners));
        case Contact::neighbours:
            return fmt::format(
                "{} listens on {}, {} has {}: only link-local addresses could meet, and whether the hosts share a link "
                "cannot be seen",
                destination, listens, source, list(from.listeners));
        default: return fmt::format("{} listens on {}", destination, listens);
    }
}

// An address cannot be given by a setting of ours; a network that admits it can.
Address network_fix(const End& from, const End& to) {
    const Address at_source{from.host->name, &setting::migration_networks};
    const Address at_destination{to.host->name, &setting::migration_networks};
    switch (contact(from, to)) {
        case Contact::deaf: return has_usable(to) && !admitted_address(to) ? at_destination : Address{};
        case Contact::outside: return at_source;
        case Contact::mute: return has_usable(from) ? at_source : Address{};
        default:
            if (could_meet(from, to)) return at_source;
            return could_meet(to, from) ? at_destination : Address{};
    }
}

}  // namespace fairway
