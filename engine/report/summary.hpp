// What an audit found, in the few lines that come first.
#pragma once

#include <string>

#include "engine/report/audit.hpp"

namespace fairway::report {

// How many findings of which severity, at how many hosts; of a large estate also by setting, and the worst hosts.
std::string summary_text(const Audit& audit, const Style& style);

// Whether it takes more than a screen to show every host.
bool is_large(const Audit& audit);

}  // namespace fairway::report
