// The trial moves at the end of verify: whether they are tried at all, and what is added to a failure.
#pragma once

#include <span>

#include "engine/cli/await.hpp"
#include "engine/paths/end.hpp"

namespace fairway::cli {

struct Tour {
    const Inventory& inventory;
    const TrialMoves& wanted;
    const Connections& connections;
    Reader& reader;
    std::span<const Mesh> meshes;  // as they were read just before
    const Snapshot& snapshot;      // that they are of
};

// The number that draws a sample: --seed, or one by chance.
Result<std::uint64_t> seed_of(const Request& request);

// Did all of them succeed? None is tried where a controller that a host may ask does not yet have the run. What came of
// them goes into `out`: trials, vms, seed.
Result<bool> try_all(const Request& request, const Tour& tour, const Awaited& awaited, Json& out, const Stage& stage);

}  // namespace fairway::cli
