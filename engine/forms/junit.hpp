// The result of audit or verify as test results, for build servers that show them: a suite for each host, a case for
// each of its settings. The form is that of Jenkins (junit.xsd), which others read as well.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"

namespace fairway::forms {

// What does not comply has failed, what could not be read is an error, and what is excepted is skipped. A suite of the
// estate is always there: of nothing at all a build server makes a fault. So it is where the command failed.
std::string junit(const Json& result);

}  // namespace fairway::forms
