// Which moves prove the paths of a migration domain with one small VM that ends where it began? Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/policy.hpp"

namespace fairway {

// A host, where the VM goes from it, and whether its storage goes along.
struct Leg {
    std::string from, to;
    bool storage = false;
};

// ring: once around and once back, so that every host gives and takes in both directions.
// all: every ordered pair exactly once.
// sample: as many pairs as the policy says, drawn by `seed`, each there and back, and the moves between them.
// Each starts and ends at `start`, which is one of `hosts`.
std::vector<Leg> tour(const std::vector<std::string>& hosts, const std::string& start, const TrialMoves& wanted,
                      std::uint64_t seed);

}  // namespace fairway
