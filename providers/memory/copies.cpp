// See copies.hpp.
#include "providers/memory/copies.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace fairway::memory {

std::vector<Holder> holders(const World& world) {
    std::vector<Holder> out;
    for (const Copy& copy : world.copies) out.push_back({{world.estate, copy.server, copy.id}, out.empty()});
    return out;
}

void stamp(World& world, const Address& address, std::int64_t now) {
    if (world.copies.empty() || !row_of(address.kind()).in_directory) return;
    std::int64_t usn = 0;
    for (const auto& [other, its] : world.stamps) usn = std::max(usn, its.usn);
    ChangeStamp& stamp = world.stamps[address];
    stamp = {stamp.version + 1, now, world.copies.front().id, usn + 1};
}

Result<ChangeStamps> stamps_at(const World& world, const Replica& replica, std::span<const Address> addresses,
                               std::int64_t now) {
    const auto copy = std::find_if(world.copies.begin(), world.copies.end(),
                                   [&](const Copy& one) { return one.server == replica.server; });
    if (copy == world.copies.end()) return fail(Code::not_found, fmt::format("there is no copy at {}", replica.server));
    if (!copy->reachable) return fail(Code::unreachable, fmt::format("{} does not answer (planted)", replica.server));
    ChangeStamps out;
    for (const Address& address : addresses) {
        const auto it = world.stamps.find(address);
        const bool own = copy == world.copies.begin();
        const bool heard = it != world.stamps.end() && (own || it->second.time + copy->late_s <= now);
        out.emplace(address, heard ? std::optional(it->second) : std::nullopt);
    }
    return out;
}

}  // namespace fairway::memory
