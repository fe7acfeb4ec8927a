// The policy document as a table.
#pragma once

#include "engine/policy/shape.hpp"

namespace fairway {

const Shape& policy_shape();
const Shape& included_shape();  // of a file that a policy includes

}  // namespace fairway
