// The changes of a plan for the person who approves it: before, after, risk, rules and the cmdlet; equal ones together.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/findings.hpp"

namespace fairway::report {

// "credssp → kerberos", "24 → 28 values".
std::string transition(const Change& change);

// One change: its line, and below it the elements of a set and the cmdlet.
std::string text(const Change& change, const Style& style);

// The changes of a phase. Three or more that are equal are shown together, unless each is asked for; `together` counts
// those.
std::string changes_text(const Phase& phase, const Style& style, const Detail& detail, std::size_t& together);

// The changes of a plan as people see them together, for machines: what equal ones have in common, and the objects.
Json equal_changes_json(const Plan& plan);

}  // namespace fairway::report
