// Writes that may still arrive, listed after a rollback: what was read then is not the last word.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

// Empty where none may. `run`: the one that was rolled back.
std::string late_text(const std::vector<Address>& late, const std::string& run, const Style& style);
Json late_json(const std::vector<Address>& late);

}  // namespace fairway::report
