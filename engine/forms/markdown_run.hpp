// Tickets about what was done: a run that was just made, one of the journal, a rollback, and what verify found. See
// markdown.hpp.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string ticket_of_run(const Json& result);       // apply
std::string ticket_of_record(const Json& result);    // a run of the journal
std::string ticket_of_rollback(const Json& result);  // also of one that is only shown
std::string ticket_of_verify(const Json& result);
std::string ticket_of_history(const Json& result);

}  // namespace fairway::forms
