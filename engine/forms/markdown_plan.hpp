// The parts of a ticket that are about a plan. See markdown.hpp.
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/forms/ticket.hpp"

namespace fairway::forms {

// What is said first: its id, its sentence, its window, and how long it takes; `result` has what stands beside it.
void tell_plan(Ticket& to, const Json& result, const Json& plan);
// Its changes, paths, notes, who may make them, and last of what it was made.
void tell_changes(Ticket& to, const Json& result, const Json& plan);

// The hosts that a plan or an audit says nothing of.
void tell_not_covered(Ticket& to, const Json& of);

// A table of facts, and last in it who ran the command that made this text, when, and with which version.
void tell_facts(Ticket& to, const Json& result, std::string_view title, Ticket::Rows rows);

}  // namespace fairway::forms
