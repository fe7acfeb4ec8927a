// What a run came to: its sentences, and its tables, for every form that people read.
#pragma once

#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/forms/tables.hpp"

namespace fairway::forms {

// "complete", "failed: HV03 refused the write", "stopped by the window".
std::string ending(const std::string& word, const std::string& reason, const std::string& because);

std::string applied_sentence(const Json& applied, Safe safe);
std::string record_sentence(const Json& record, Safe safe);
std::string rolled_back_sentence(const Json& record, Safe safe);  // empty: it was not

std::vector<std::string> verify_sentences(const Json& result, Safe safe);
std::string history_sentence(const Json& result);
// A sentence for each break-glass run that is not over.
std::vector<std::string> glass_sentences(const Json& result, Safe safe);

void tell_hosts(Tables& to, const Json& applied);
void tell_left_out(Tables& to, const Json& left_out);
void tell_remarks(Tables& to, const Json& applied);
void tell_gates(Tables& to, const Json& record);
void tell_kept(Tables& to, const Json& result);  // what stays as others wrote it
void tell_recorded(Tables& to, const Json& record);
void tell_not_kept(Tables& to, const Json& result);  // by verify
void tell_trials(Tables& to, const Json& result);
void tell_runs(Tables& to, const Json& result);  // of the journal

}  // namespace fairway::forms
