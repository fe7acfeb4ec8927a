// The findings of audit, spn and diagnose as SARIF 2.1.0, the form in which analysis tools tell them (OASIS).
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

// A rule is a setting, a fault or a cause by its own name, so it is the same in every estate; the policy's rule is a
// property of the finding. Its place is the host and the setting, and the line of the policy where the result has it.
std::string sarif(const Json& result);

}  // namespace fairway::forms
