// The result of an audit, or of the history, as metrics in the text format of Prometheus: for its textfile collector.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

// Series for each estate, migration domain, and host with findings; never for a value.
std::string prometheus(const Json& result);

}  // namespace fairway::forms
