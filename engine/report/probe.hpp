// What a probe saw, as text and as JSON.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/model/probe.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const Probe& probe, const Style& style);
Json json(const Probe& probe);

}  // namespace fairway::report
