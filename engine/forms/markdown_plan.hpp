// The parts of a ticket that are about a plan. See markdown.hpp.
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/forms/ticket.hpp"

namespace fairway::forms {

// What is said first: its id, its sentence, its window, and how long it takes; `result` has what stands beside it.
void tell_plan(Ticket& to, const Json& result, const Json& plan);
// Its changes, paths, notes, who may make them, and last of what it was made.
void tell_changes(Ticket& to, const Json& result, const Json& plan);

}  // namespace fairway::forms
