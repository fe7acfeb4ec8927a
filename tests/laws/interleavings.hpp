// Law 18: what a phase announces as closing holds for every order in which its steps may be made.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// Tries every order of the steps of each phase, those of one object in their order; returns how many places of the
// world that were. Phases with too many places are left out.
std::size_t in_any_order(const Case& start, const Plan& plan);

}  // namespace fairway::laws
