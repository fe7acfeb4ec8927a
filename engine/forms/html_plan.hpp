// The pages of a plan and of a rollback, which has a plan as well.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string page_of_plan(const Json& result);
std::string page_of_rollback(const Json& result);

}  // namespace fairway::forms
