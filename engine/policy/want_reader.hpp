// From what stands behind a setting's name in a rule to its wants: words, lists and computed names become
// operands in the form in which values are compared.
#pragma once

#include <vector>

#include "engine/model/policy.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// One want for each comparator. What the tables refused is passed over; what they cannot see is complained of.
std::vector<RuleWant> read_wants(const Setting& setting, const Entry& entry, Complaints& complaints);

}  // namespace fairway
