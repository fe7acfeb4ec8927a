// Reading and writing one address of a world, faults included, as one request would. Pure but for the
// world it is given; the laws use it without a file.
#pragma once

#include "engine/model/rights.hpp"
#include "engine/model/snapshot.hpp"
#include "providers/memory/world.hpp"

namespace fairway::memory {

Reading read_from(const World& world, const Address& address);

// What the caller would be told of its right to write there.
Right right_at(const World& world, const Address& address);

// Compare-and-swap: a scalar must be `before`; of a set, what goes must be there and what comes must not.
Result<void> write_to(World& world, const Address& address, const Value& before, const Value& after);

}  // namespace fairway::memory
