// Which paths a step closes or opens again, as a plan file has it.
#pragma once

#include "engine/base/fields.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

Json to_json(const StepPaths& paths);
StepPaths step_paths_from(Fields fields);

}  // namespace fairway
