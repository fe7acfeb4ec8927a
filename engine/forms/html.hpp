// The result of a command as one page of HTML for people: what it comes to in a sentence, then findings, paths,
// changes, hosts, and what they rest on. It works without its script but for the picture of the paths.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

std::string html(const Json& result);

}  // namespace fairway::forms
