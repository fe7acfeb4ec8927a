// The policy document as a table.
#pragma once

#include "engine/policy/shape.hpp"

namespace fairway {

const Shape& policy_shape();

}  // namespace fairway
