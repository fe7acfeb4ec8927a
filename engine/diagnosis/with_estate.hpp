// What does the estate itself say about causes? A closed condition of a path is a cause; where events tell only the
// family, it is the member that is meant. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/diagnosis/diagnose.hpp"
#include "engine/paths/explain.hpp"

namespace fairway {

struct RecentChange {
    Address address;
    std::int64_t age_s = 0;
};

// What was read of one pair of hosts.
struct PairSeen {
    Path path;
    std::vector<RecentChange> recent = {};  // that the source may not know of yet
    std::string recent_unread = {};         // why it is not known what changed; empty: it is known
};

// `pairs`: those of the diagnosis, or the one that was asked about.
Diagnosis with_estate(Diagnosis diagnosis, std::span<const PairSeen> pairs);

}  // namespace fairway
