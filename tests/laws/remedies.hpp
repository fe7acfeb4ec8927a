// Laws 6 and 7: a remedy satisfies its comparator and keeps what the rule does not name, on generated values of every
// row.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

void remedies(Dice& dice, const Case& c);

}  // namespace fairway::laws
