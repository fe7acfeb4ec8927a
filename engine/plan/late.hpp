// Which writes of a run may still arrive, though a reading found everything as it was before? Pure.
#pragma once

#include <vector>

#include "engine/model/run.hpp"

namespace fairway {

// Those that nobody answered, or only in part. A write that was made again and answered then counts too, because the
// first one is on its way still. Each address once, in the order of the plan.
std::vector<Address> may_still_arrive(const Run& run);

}  // namespace fairway
