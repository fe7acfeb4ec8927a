// --allow LIMIT=VALUE: what the person who runs the command allows once beyond a plan's limits.
#pragma once

#include <vector>

#include "engine/cli/options.hpp"
#include "engine/model/plan.hpp"

namespace fairway::cli {

// In the order in which they were given, by the account that runs this. Code::bad_input: no such limit, no value of it,
// or one limit twice.
Result<std::vector<Allowance>> allowances(const Request& request);

}  // namespace fairway::cli
