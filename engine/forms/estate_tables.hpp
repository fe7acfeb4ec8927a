// What an estate is like, as audit and diagnose say it: sentences and tables for every form that people read.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/forms/tables.hpp"

namespace fairway::forms {

// "19 of 56 paths are open. 7 findings (2 critical, 5 high); 6 hosts differ from the policy.", and what was not read.
std::vector<std::string> audit_sentences(const Json& result);
// Those of one cause are one row: lists that differ in their values too.
void tell_findings(Tables& to, const Json& result);
void tell_estate(Tables& to, const Json& result);
void tell_domains(Tables& to, const Json& result);
void tell_uncovered(Tables& to, const Json& result);

std::vector<std::string> names_sentences(const Json& names);  // of `spn`
void tell_names(Tables& to, const Json& names);

std::string blame_sentence(const Json& result, Safe safe);
void tell_blame(Tables& to, const Json& result);

std::string diagnosis_sentence(const Json& result);
void tell_diagnosis(Tables& to, const Json& result);

}  // namespace fairway::forms
