// What stands in the entries of the journal, for those who read and write them: their kinds, their bodies, and what the
// entries of one run say of it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"
#include "engine/journal/journal.hpp"

namespace fairway {

inline constexpr Bounds any_number = {0, 1'000'000'000}, any_time = {0, 253'402'300'799};  // the year 9999

// What says more about a run and changes nothing of the rest, so that an older Fairway may skip it.
inline constexpr std::string_view extension_kind = "extend?", expiry_kind = "expire?", gate_kind = "gate?";

inline constexpr std::array all_outcomes = {Outcome::done, Outcome::not_done, Outcome::torn, Outcome::in_doubt,
                                            Outcome::unanswered};

Result<Json> body_of(const JournalEntry& entry);  // Code::storage

// An entry of a kind that a newer Fairway may add; it takes no part in what is done with runs.
bool to_skip(const JournalEntry& entry);
// Of those, one that says something of its run.
bool says_more(const JournalEntry& entry);

// Takes one entry over into the run that is being loaded; `plan_text`: of its beginning.
void take_entry(Run& run, const JournalEntry& entry, Fields fields, std::string& plan_text);

// The line of a run by its beginning, and what a later entry says of it.
RunLine line_of(const JournalEntry& begin, Fields fields);
void take_entry(RunLine& line, const JournalEntry& entry, Fields fields);

}  // namespace fairway
