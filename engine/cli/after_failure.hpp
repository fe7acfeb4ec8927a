// What follows a run that ended without all of its changes, although nobody asked it to stop: nothing, its rollback, or
// a question at the terminal.
#pragma once

#include "engine/cli/answer.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/ground.hpp"

namespace fairway::cli {

// `answer`: of the run, to which is added what came of the rollback.
Answer after_failure(Answer answer, const Applied& applied, Ground& ground, const Manner& manner, const Stage& stage);

}  // namespace fairway::cli
