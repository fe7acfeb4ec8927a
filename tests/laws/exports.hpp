// Law 24: what is exported asks for what is there, and for nothing else.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// `rules`: that were written and read again.
void an_export(const Case& start, Dice& dice, std::size_t& rules);

}  // namespace fairway::laws
