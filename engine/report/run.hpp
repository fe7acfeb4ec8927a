// What a run did, and the history of runs.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/journal/journal.hpp"
#include "engine/report/style.hpp"
#include "engine/run/apply.hpp"

namespace fairway::report {

// A moment of a run; 0: it has not come.
Json time_or_null(std::int64_t at);

// "in doubt", for people.
std::string_view words(Outcome outcome);

// The RECAP line, what it came to at each host, and how to go on where a run did not come to its end.
std::string text(const Applied& applied, const Plan& plan, const Style& style);
Json json(const Applied& applied, const Plan& plan);

// What a run was continued or undone without, a line each.
std::string text(const std::vector<LeftOut>& left_out);
Json json(const std::vector<LeftOut>& left_out);

// What others did with the lists that a rollback is about. In text: what they added, for what they took is a note of
// the plan; said even where there is nothing to change.
std::string others_text(const std::vector<Finding>& findings, const Style& style);
Json others_json(const std::vector<Finding>& findings);

std::string text(const std::vector<RunLine>& history, const Style& style);
Json json(const std::vector<RunLine>& history);

// Probes and rehearsals, which are no runs. No text where there are none.
std::string text(const std::vector<Contact>& contacts, const Style& style);
Json json(const std::vector<Contact>& contacts);

}  // namespace fairway::report
