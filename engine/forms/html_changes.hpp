// What a plan changes, on a page: phase by phase, with equal changes in one fold-out.
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/forms/page.hpp"

namespace fairway::forms {

// Before and after, risk, undo, values, and one cmdlet of each group of equal changes.
void show_changes(Page& to, const Json& result);

}  // namespace fairway::forms
