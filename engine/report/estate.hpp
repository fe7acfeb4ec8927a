// What a person reads of the estate itself: findings that no setting has, and the hosts that searches found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/findings.hpp"

namespace fairway::report {

// "closed paths", for people.
std::string_view words(EstateFault fault);

// One line for each, or for those in the same words; worst first; a great many are cut short.
std::string text(const std::vector<EstateFinding>& findings, const Style& style, const Detail& detail = {});
Json json(const std::vector<EstateFinding>& findings);

// Which hosts were found for the plan, and which of them the estate's last run did not have. Empty: nobody searched.
std::string found_text(const Plan& plan, const Style& style);

}  // namespace fairway::report
