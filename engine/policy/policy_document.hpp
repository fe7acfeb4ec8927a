// A policy's text to a Policy, or to everything that is wrong with it. Knows no inventory: whether the hosts
// it names exist is asked later, in engine/plan.
#pragma once

#include <string>
#include <string_view>

#include "engine/model/policy.hpp"

namespace fairway {

// `file` stands in complaints and in the Policy; nothing is read from it.
Checked<Policy> load_policy(std::string_view text, const std::string& file);

}  // namespace fairway
