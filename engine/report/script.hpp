// A plan as a PowerShell script: what an administrator would run by hand, or give to whoever may. Fairway itself never
// runs it. All of it is ASCII, and no name in it can end the text or the comment that it is written in.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"

namespace fairway::report {

std::string script_text(const Plan& plan, std::string_view digest);
Json script_json(const Plan& plan);  // a row for each change, in the plan's order

// One text of PowerShell as an expression in ASCII: 'HV01', or ('Z'+[char]0xfc+'rich').
std::string powershell_text(std::string_view value);

}  // namespace fairway::report
