// The laws of several runs beside each other, and of one that is put back in parts.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// 16: a rollback never undoes a later run.
// 20: a part that is put back is that part and nothing else, and what is left goes with the whole.
// 21: two runs over the same values are unwound in either order.
void several_runs(const Case& start, const Plan& plan, Journal& journal, Dice& dice);

}  // namespace fairway::laws
