// Law 17: what a plan rests on is asked again. A fact that is no longer so, or that nobody can tell any more, stops
// what rests on it before a write, when it goes before the apply and when it goes in its first moment; and what cannot
// be read of one fact is told as unknown, and never guessed.
#pragma once

#include <map>

#include "tests/laws/census.hpp"
#include "tests/laws/worlds.hpp"

namespace fairway::laws {

// What the plan's changes rest on is told a second time: whose account it is, that nothing runs, that no cluster sets
// it, and whose the names are that are granted. Then one of the premises is lost.
void a_lost_ground(const Case& start, const Survey& seen, const Plan& plan, Journal& journal, Dice& dice,
                   Census& census);

// Whether a VM moves, by the pair of hosts: from, to.
using Moves = std::map<std::pair<std::string, std::string>, bool>;
Moves moves_of(const Case& c);

// What the conditions claim to know is so.
void paths_are_true(const Case& c, const Moves& moves, Census& census);

// One fact of one host cannot be read, of those that the survey asked; the rest can.
void a_blind_spot(const Case& start, const Survey& asked, const Moves& moves, Dice& dice, Census& census);

}  // namespace fairway::laws
