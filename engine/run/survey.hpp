// What is wanted, what is, and the judgement of it, in as few rounds of reading as that takes: first every value, then
// suffixes where an account has another full name than the inventory says and what matters to paths of some hosts only,
// then whose the names are that remedies would write. An estate in order needs the first round only.
#pragma once

#include <cstdint>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/want.hpp"
#include "engine/plan/identity.hpp"
#include "engine/provider.hpp"

namespace fairway {

struct Survey {
    Inventory inventory;  // with the full names that the directory confirms
    Snapshot snapshot;
    Doubts doubts;
    Desired desired;
    std::vector<Finding> findings;
    bool left_unreadable = false;  // hosts are not covered because they could not be read
};

// Hosts of which not everything could be read: findings say so, or they are not covered.
enum class Unreadable { judged, not_covered };

// `desired`: what the policy wants of the inventory. Complaints are those of binding it anew.
Checked<Survey> survey(const Policy& policy, Inventory inventory, Desired desired, std::int64_t now, Reader& reader,
                       const Progress& progress = {}, Unreadable hosts = Unreadable::judged);

// The second round, into the snapshot. The inventory comes back with the full names that the directory confirms, and
// without found computers that are no Hyper-V hosts.
Inventory read_further(Inventory inventory, Snapshot& snapshot, Reader& reader, const Progress& progress = {});

}  // namespace fairway
