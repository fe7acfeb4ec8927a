// What a policy may say of waves and of runs: the keys of `rollout` beside its limits.
#pragma once

#include "engine/policy/shape.hpp"

namespace fairway {

struct RolloutShapes {
    const Shape &canary, &waves, &per, &order, &pause, &gates, &window, &max_failures, &on_failure;
};
const RolloutShapes& rollout_shapes();

}  // namespace fairway
