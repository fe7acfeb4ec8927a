// Law 23: a break-glass run of chosen hosts ends by itself. Whatever is killed, dead or changed by others on the way,
// what `expire` does gives the world back but for others' values, and no such run stays open without a word of what is
// left.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// How many such runs were made and ended.
std::size_t a_broken_glass(const Case& start, Dice& dice);

}  // namespace fairway::laws
