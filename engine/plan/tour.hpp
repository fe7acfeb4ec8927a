// Which moves prove the paths of a migration domain with one small VM that ends where it began? Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/model/policy.hpp"

namespace fairway {

// A host and where the VM goes from it.
struct Leg {
    std::string from, to;
};

// ring: once around and once back, so that every host gives and takes in both directions.
// all: every ordered pair exactly once. Both start and end at `start`, which is one of `hosts`.
std::vector<Leg> tour(const std::vector<std::string>& hosts, const std::string& start, TrialMoves::Pairs pairs);

}  // namespace fairway
