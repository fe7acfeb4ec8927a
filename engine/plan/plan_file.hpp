// A plan as a file: canonical JSON, the same bytes for the same plan, with a digest over all of it so that
// an edited or truncated plan is distinguished from a reviewed one. Pure.
//
// A change of a set stands as `before`, `add` and `remove`; `after` follows. Of a list of more than 32 values the change has
// the numbers in `names`, where each of them stands once: {"names": ["0-11", "16-63"]}. Its risk is in the file because it was
// found out with the directory's help; what can be told from the change alone is never believed to be less (plan/risk).
// Commands are not in the file: they follow from the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/model/plan.hpp"

namespace fairway {

inline constexpr std::int64_t plan_format = 3;

std::string print_plan(const Plan& plan);
std::string digest_of(const Plan& plan);  // as it stands in the file
std::string_view digest_in(std::string_view file);  // that a plan file ends with; not checked; empty: it has none
bool has_its_digest(std::string_view file);  // it ends as our files do, with the digest of all that stands before

// Code::bad_input for what is no plan of ours (with what is wrong where), was cut, or was edited.
Result<Plan> parse_plan(std::string_view text);

}  // namespace fairway
