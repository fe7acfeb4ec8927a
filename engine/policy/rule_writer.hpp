// Rules as a document says them, for people to edit: what load_policy() reads, the other way round.
#pragma once

#include <string>
#include <vector>

#include "engine/model/policy.hpp"

namespace fairway {

// Precondition: no want is of what has vanished or is restored.
std::string print_rules(const std::vector<Rule>& rules);  // the key `rules` of a policy

// Whether a rule that asks for this can be written, and is read as just this. A value from outside may be no text that
// a document can hold, no name as documents spell them, or out of a setting's range.
bool can_say(const RuleWant& want);

}  // namespace fairway
