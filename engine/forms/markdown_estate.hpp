// Tickets about what the estate is like: findings, service principal names, causes of failed moves, and who changed an
// account. See markdown.hpp.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string ticket_of_audit(const Json& result);
std::string ticket_of_names(const Json& result);
std::string ticket_of_diagnosis(const Json& result);
std::string ticket_of_blame(const Json& result);

}  // namespace fairway::forms
