// What a rollback needs of the command line: which part of a run is meant, and the hands for it.
#pragma once

#include <functional>

#include "engine/cli/answer.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/options.hpp"
#include "engine/run/rollback.hpp"

namespace fairway::cli {

// --host, --except, --setting, --wave and --value.
Result<RollbackScope> scope_of(const Request& request, const Inventory& inventory, const Run& run);

// Those that ask nothing and show nothing but a bar; `apply` is the caller's to add.
RollbackHands hands_to_go_back(Ground& ground, const Stage& stage);

// The command `rollback`; `then` comes when it is done, with the locks still held.
using AfterRollback = std::function<Result<void>(Ground&, const RolledBack&)>;
Answer rollback_then(const Request& request, const Stage& stage, const AfterRollback& then);

}  // namespace fairway::cli
