// Findings for people: what is wrong, equal ones as one line with the first hosts, and what could not be read, by
// cause.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

Paint verdict_paint(Verdict verdict);

struct Detail {
    bool full = false;   // each finding alone, each host of the inventory in the tables
    bool paths = false;  // every migration domain is drawn
    bool all = false;    // with what complies
};

// What does not comply, worst first; what could not be read comes last, once for each cause. `policy` says where a rule
// is; null: they are not of one.
std::string findings_text(const std::vector<Finding>& findings, const Policy* policy, const Style& style,
                          const Detail& detail = {});

// Only what could not be read. Empty: everything was.
std::string unread_text(const std::vector<Finding>& findings, const Style& style, const Detail& detail = {});

// With the line of its rule, and with its file where that is not the policy's own.
Json to_json(const Finding& finding, const Policy* policy = nullptr);

// What does not comply, as findings_text has it: equal ones once, worst first. What could not be read is not among
// them.
Json equal_findings_json(const std::vector<Finding>& findings, const Policy& policy);

// What could not be read, once for each cause.
Json unread_json(const std::vector<Finding>& findings);

}  // namespace fairway::report
