// The copies of an embedded estate's computer settings, and which changes each has. Pure.
#pragma once

#include <span>

#include "engine/model/stamp.hpp"
#include "providers/memory/world.hpp"

namespace fairway::memory {

std::vector<Holder> holders(const World& world);

// A change of a computer's setting at the first copy; without copies nothing is kept.
void stamp(World& world, const Address& address, std::int64_t now);

Result<ChangeStamps> stamps_at(const World& world, const Replica& replica, std::span<const Address> addresses,
                               std::int64_t now);

}  // namespace fairway::memory
