// What a policy may say of waves: the keys of `rollout` beside its limits.
#pragma once

#include "engine/policy/shape.hpp"

namespace fairway {

struct RolloutShapes {
    const Shape &canary, &waves, &per, &order, &pause;
};
const RolloutShapes& rollout_shapes();

}  // namespace fairway
