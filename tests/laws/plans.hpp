// Laws 8, 11 and 19: a plan survives its file, has additions first and removals last, and loses no change to waves.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

void plan_is_sound(const Case& start, const Plan& plan);

}  // namespace fairway::laws
