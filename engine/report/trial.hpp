// What trial moves proved, and where their VMs are.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/report/style.hpp"
#include "engine/run/trials.hpp"

namespace fairway::report {

// "Moving fairway-canary from HV01 to HV02, move 3 of 24": of one that is under way.
std::string under_way(const Trial& trial);

std::string text(const Trial& trial, const Style& style);
Json json(const Trial& trial);

// Of a VM that is not where its tour began, or of which nobody knows; otherwise empty.
std::string text(const Toured& vm, const Style& style);
Json json(const Toured& vm);

}  // namespace fairway::report
