// The catalogue for people and for machines.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string settings_text(const Style& style);
Json settings_json();

}  // namespace fairway::report
