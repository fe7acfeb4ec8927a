// Law 14: after any apply, on any directory, who may act as anyone towards whom is what it was, plus only pairs of
// accounts that the inventory and the policy mean. Who holds a name is told a second time here, without the engine's
// index, its identities or its facts.
#pragma once

#include "tests/laws/census.hpp"
#include "tests/laws/worlds.hpp"

namespace fairway::laws {

struct ReachTally {
    std::size_t granted = 0;  // pairs that are new after an apply, and meant
    std::size_t refused = 0;  // names of a peer that were not written, as they are not its alone
};

// Makes the case's directory a hostile one, applies what the policy wants, and holds the law; also that a name that is
// the peer's alone was not refused.
ReachTally a_hostile_directory(Case c, Dice& dice, Census& census);

}  // namespace fairway::laws
