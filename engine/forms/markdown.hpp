// The result of a command as a text for a change ticket: first what it comes to in a few sentences, then tables in
// which equal things are one row, then what is left out and the command that shows it.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

// Of what command it is, the result itself says; an error is told in its place.
std::string markdown(const Json& result);

}  // namespace fairway::forms
