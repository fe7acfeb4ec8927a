// Tables of what a plan says beside its changes, for every form that people read.
#pragma once

#include "engine/base/json_fwd.hpp"
#include "engine/forms/tables.hpp"

namespace fairway::forms {

void tell_paths(Tables& to, const Json& plan);
// What the plan leaves as it is, and why: conflicts, exceptions, what is not known. Equal reasons are one row.
void tell_notes(Tables& to, const Json& plan);
// Rules of a policy that stand against each other, over which value.
void tell_conflicts(Tables& to, const Json& result);
void tell_rights(Tables& to, const Json& result);
// What the plan may do at most, and who allowed it more than that.
void tell_limits(Tables& to, const Json& plan);
// About the estate, which no change of the plan fixes.
void tell_unfixed(Tables& to, const Json& plan);
// The hosts that a plan or an audit says nothing of.
void tell_not_covered(Tables& to, const Json& of);
// Of what the plan was made, and under which rules.
void tell_ground(Tables& to, const Json& result, const Json& plan);

// A table of facts, and last in it who ran the command that made this text, when, and with which version.
void tell_facts(Tables& to, const Json& result, std::string_view title, Tables::Rows rows);

}  // namespace fairway::forms
