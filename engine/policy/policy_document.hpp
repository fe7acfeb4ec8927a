// A policy's text to a Policy, or to everything that is wrong with it. Knows no inventory: whether the hosts
// it names exist is asked later, in engine/plan.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/model/policy.hpp"

namespace fairway {

// The text of a file that a policy includes; the name is as it is seen from where the policy's own name is seen.
using ReadIncluded = std::function<Result<std::string>(const std::string& file)>;

// `file` stands in complaints and in the Policy, and its folder is that of included files; nothing is read from it.
// Without `read` nothing can be included.
Checked<Policy> load_policy(std::string_view text, const std::string& file, const ReadIncluded& read = {});

}  // namespace fairway
