// A list of a result as comma-separated values (RFC 4180), for spreadsheets.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

// `rows`: a list of maps. The first line has their keys, in the order in which they come; what a row has not is empty.
// A list of texts is one text with "; " between them, any other list or map is JSON. A text that a spreadsheet would
// take for a formula begins with an apostrophe.
std::string csv(const Json& rows);

}  // namespace fairway::forms
