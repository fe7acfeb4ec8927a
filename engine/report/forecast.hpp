// What keeps paths from being open, for machines: a letter for each path (paths/forecast.hpp).
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/paths/forecast.hpp"

namespace fairway::report {

Json json(const std::vector<PathLetters>& now);
Json json(const Forecast& forecast, const Plan& plan);

}  // namespace fairway::report
