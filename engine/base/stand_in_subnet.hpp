// The base of a network stands in a record as the base of another one, with as many bits that are zero at its end: what
// was a network must still be read as one.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/stand_ins.hpp"

namespace fairway {

std::string subnet_stand_in(std::string_view base, StandIns& names);

}  // namespace fairway
