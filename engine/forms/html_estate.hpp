// Parts of a page about the estate: findings, the hosts side by side, and the pages of audit and diagnose.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/forms/page.hpp"

namespace fairway::forms {

// Equal findings in one row each, worst first; and the boxes that count them.
void show_findings(Page& to, const Json& result);
// Hosts with the same findings are one row, those with the worst first.
void show_hosts(Page& to, const Json& result);
// Of which things the page speaks, for its foot: what tables of facts say.
Part facts_part(const Json& result, Tables::Rows rows);

std::string page_of_audit(const Json& result);
std::string page_of_diagnosis(const Json& result);

}  // namespace fairway::forms
