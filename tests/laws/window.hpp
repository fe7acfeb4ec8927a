// Law 22: a run in waves, in a window of any length. Nothing begins outside of it; where the window ends the run, all
// that is done can be undone before its end; and in the next window the run becomes what it would have been
// undisturbed.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// Whether the window ended the run after some change and before the last.
bool a_short_window(const Case& start, const Plan& plan, Dice& dice);

}  // namespace fairway::laws
