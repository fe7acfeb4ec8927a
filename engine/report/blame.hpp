// Who changed a host's account last, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/plan/blame.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const std::string& host, const std::vector<Blamed>& blamed, const Snapshot& snapshot,
                 const Style& style);
Json json(const std::vector<Blamed>& blamed, const Snapshot& snapshot);

}  // namespace fairway::report
