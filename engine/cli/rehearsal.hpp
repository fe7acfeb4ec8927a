// `rollback --rehearse PLAN`, and what `plan` says of its plan beforehand: how it was rehearsed, and how long it takes.
#pragma once

#include "engine/cli/answer.hpp"
#include "engine/cli/judged.hpp"
#include "engine/cli/options.hpp"
#include "engine/run/pace.hpp"

namespace fairway::cli {

Answer rehearse_rollback(const Request& request, const Stage& stage);

// The same plan, which says what came of rehearsing it on what was seen.
Result<Plan> rehearsed(Plan plan, const Judged& seen);

// Of the estate's last runs in the store; a store that is not there has none.
Result<Pace> pace_in(const Request& request, const std::string& estate);

}  // namespace fairway::cli
