// The waves of a policy's `rollout`, out of its checked document.
#pragma once

#include <optional>

#include "engine/model/rollout.hpp"
#include "engine/policy/complaints.hpp"

namespace fairway {

// Empty: it says nothing of waves. Complaints: what no table sees, like a wave behind `rest`.
std::optional<Rollout> read_rollout(const Node& policy, Complaints& complaints);

}  // namespace fairway
