// Law 13: only who is gone is taken as gone. Who that is, is told a second time here, without the engine's index.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// What a plan takes as gone is gone, and nothing else goes for that; what has no other reason is marked, for apply. How
// many elements are.
std::size_t only_the_gone_go(const Case& c, const Plan& plan);

// After an apply, a rule that wants nothing of computers that are gone finds none but what another one demands.
void the_gone_are_gone(const Case& c);

// A computer comes back under a plan that takes its services as gone, before the apply or in its first moment.
void a_homecoming(const Case& start, const Plan& plan, Journal& journal, Dice& dice);

}  // namespace fairway::laws
