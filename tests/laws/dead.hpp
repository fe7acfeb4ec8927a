// The law of a host that dies.
#pragma once

#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// The host no longer answers; its account lives in the directory.
void kill(memory::World& world, const std::string& host);
void revive(memory::World& world);

// 15: one dead host never locks the others. A host that the plan changes is dead from each point of the apply on: all
// else can be undone or continued, what is left is listed, and when it lives again the same command does the rest.
std::size_t a_dead_host(const Case& start, const Plan& plan, Journal& journal, Dice& dice);

}  // namespace fairway::laws
