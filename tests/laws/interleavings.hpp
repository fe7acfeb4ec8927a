// Law 18: what a phase announces as closing holds for every order in which its steps may be made.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// Tries every order of the steps of each phase, those of one object in their order; returns how many places of the
// world that were. Phases with too many places are left out. Waves are looked at as well: no change is lost or made
// twice, and the canary is no larger than the policy says.
std::size_t in_any_order(const Case& start, const Plan& plan);

}  // namespace fairway::laws
