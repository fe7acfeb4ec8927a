// Is what a run wrote still there, and what do the paths look like? For verify, and for the gates between waves; the
// trial moves are trials.hpp.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/journal/journal.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/want.hpp"
#include "engine/paths/end.hpp"
#include "engine/plan/baseline.hpp"
#include "engine/provider.hpp"

namespace fairway {

// The readings of every address that a question is about.
Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress = {});

// How far the run came, and what became of it since. Only a run whose every change is done can be verified.
struct Standing {
    std::size_t changes = 0, done = 0;
    // Changes that were begun and are not done; no outcome: cut off, and not settled.
    std::vector<std::pair<Address, std::optional<Outcome>>> open;
    Undone gone;

    bool whole() const { return done == changes && gone.by.empty(); }
};
Result<Standing> standing_of(const Run& run, const Journal& journal);

struct Verified {
    Desired wants;  // that what the run wrote is there
    Inventory inventory;
    Snapshot snapshot;  // of that, and of all that paths rest on
    std::vector<Finding> findings;

    bool as_left() const;
    std::vector<Mesh> ends() const;  // of the inventory, which must outlive them
};

// `inventory`: covered like the run's plan.
Verified verify(const Run& run, Inventory inventory, Reader& reader, const Progress& progress = {});

}  // namespace fairway
