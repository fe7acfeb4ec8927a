// The waves and the rules of runs of a policy's `rollout`, out of its checked document.
#pragma once

#include <optional>

#include "engine/model/rollout.hpp"
#include "engine/model/run_rules.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// Empty: it says nothing of waves. Complaints: what no table sees, like a wave behind `rest`.
std::optional<Rollout> read_rollout(const Node& policy, Complaints& complaints);

// When it may begin, and what follows failures. Complaints: of a window that is none.
RunRules read_run_rules(const Node& policy, Complaints& complaints);

}  // namespace fairway
