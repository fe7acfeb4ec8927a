// The one judge: what is wanted against what is. Audit, plan, verify, drift and rollback are this function
// with different inputs. Pure, and never reads.
#pragma once

#include <vector>

#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/want.hpp"

namespace fairway {

// Exactly one finding for each want, in the order of addresses.
std::vector<Finding> judge(const Desired& desired, const Snapshot& snapshot);

// Why a finding is unreadable or unknown: its own value is, or what decides about it (whether a cluster
// sets it, whose computers are gone, whose name it is).
Error why_unread(const Finding& finding, const Snapshot& snapshot);

}  // namespace fairway
