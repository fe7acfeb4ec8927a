// The inventory document as a table.
#pragma once

#include "engine/policy/shape.hpp"

namespace fairway {

const Shape& inventory_shape();

}  // namespace fairway
