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
};

// Did all of them succeed? None is tried where a controller that a host may ask does not yet have the run.
Result<bool> try_all(const Request& request, const Tour& tour, const Awaited& awaited, Json& trials,
                     const Stage& stage);

}  // namespace fairway::cli
