// Why moves fail, in text and JSON: each cause with what speaks for it, against it, and what could not be looked at.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/diagnosis/diagnose.hpp"
#include "engine/diagnosis/side_by_side.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const Diagnosis& diagnosis, const Style& style);
Json json(const Diagnosis& diagnosis);

// Settings that are not the same at all hosts, with the odd ones out.
std::string text(const std::vector<Difference>& differences, const Style& style);
Json json(const std::vector<Difference>& differences);

}  // namespace fairway::report
