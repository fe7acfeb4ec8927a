// Pages of the directory: the service principal names of hosts, and who changed an account last.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string page_of_names(const Json& result);
std::string page_of_blame(const Json& result);

}  // namespace fairway::forms
