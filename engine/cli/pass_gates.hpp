// Asks the gates behind a phase of a run, shows what they saw and writes it to the journal.
#pragma once

#include <optional>

#include "engine/cli/ground.hpp"
#include "engine/run/stop.hpp"

namespace fairway::cli {

// Empty: all were passed.
std::optional<Stop> pass_gates(Ground& ground, const Run& run, const Phase& done, const Phase& next, Latest latest,
                               const Stage& stage);

}  // namespace fairway::cli
