// In which settings do hosts differ, and which of them are the odd ones out? Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/model/snapshot.hpp"

namespace fairway {

struct HeldBy {
    std::string value;  // for people; "-" where nothing is there, "?" where it could not be read
    std::vector<std::string> hosts;
};

// One setting that is not the same at all of the hosts.
struct Difference {
    const Setting* setting = nullptr;
    std::vector<HeldBy> values;  // the most common first
    // One value is held by more hosts than all others together, so the others are the odd ones.
    bool has_odd_ones() const;
};

std::vector<Difference> side_by_side(const Snapshot& snapshot, std::span<const std::string> hosts);

}  // namespace fairway
