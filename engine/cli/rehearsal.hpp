// `rollback --rehearse PLAN`, and what `plan --rehearse` adds to its plan.
#pragma once

#include "engine/cli/answer.hpp"
#include "engine/cli/judged.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

Answer rehearse_rollback(const Request& request, const Stage& stage);

// The same plan, which says what came of rehearsing it on what was seen.
Result<Plan> rehearsed(Plan plan, const Judged& seen);

}  // namespace fairway::cli
