// Which runs of the journal wrote after another one? A run is undone, gone on with and verified with these in mind.
#pragma once

#include <span>

#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"

namespace fairway {

// Runs of the same estate that wrote after this one first did, in the order of their names.
Result<std::vector<Run>> later_runs(const Run& run, const Journal& journal);

// The writes of the run, and of runs that undid it, that may still arrive. Each address once.
std::vector<Address> late_writes(const Run& run, std::span<const Run> later);

// The last run of this plan that is in the journal; empty: it was never applied.
Result<std::optional<RunLine>> run_of(const PlanFile& plan, const Journal& journal);

}  // namespace fairway
