// What became of a write whose answer is missing or not believed? A later reading shows it. Pure.
#pragma once

#include "engine/model/run.hpp"

namespace fairway {

// For a set, element by element: others may have added theirs meanwhile. A mixture is ours only where the
// row says that a write takes several requests; else somebody else wrote it, and a person must look.
// `refused`: the server answered with a no, so a write that is not there will not arrive later either.
Outcome settle(const Change& change, const Reading& now, bool refused);

// What is left to write where a write was torn: the change's own elements laid over what is held.
Value lay_over(const Change& change, const Value& held);

}  // namespace fairway
