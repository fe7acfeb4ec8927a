// Pages of what was done: a run that was just made, one of the journal, what verify found, and the list of runs.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string page_of_run(const Json& result);     // apply
std::string page_of_record(const Json& result);  // a run of the journal
std::string page_of_verify(const Json& result);
std::string page_of_history(const Json& result);

}  // namespace fairway::forms
