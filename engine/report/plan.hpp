// A plan for the person who approves it: every change with before, after, risk and the cmdlet it equals,
// what stays, and what it does to the paths.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/report/changes.hpp"

namespace fairway::report {

// Three or more equal changes are shown together, unless each is asked for.
std::string text(const PlanFile& file, const Style& style, const Detail& detail = {});

// All changes of it; and the same as `text` with a text in place of them.
std::string all_changes(const Plan& plan, const Style& style, const Detail& detail);
std::string framed(const PlanFile& file, const Style& style, const Detail& detail, const std::string& changes);

// Two lines: the plan's id, its size and its highest risk; and the limits it is held to, where it has any, with what
// was allowed beyond them.
std::string heading(const Plan& plan, std::string_view digest);

// Who allowed what beyond the limits, a line for each account; empty: nobody did.
std::string allowed_text(const std::vector<Allowance>& allowed);

// The plan's file, and its equal changes together: fields of results that show a plan.
Json shown(const PlanFile& file);

// What the plan was made of, and how dangerous each of its changes is: fields that every result about a plan has.
Json provenance(const Plan& plan);

}  // namespace fairway::report
