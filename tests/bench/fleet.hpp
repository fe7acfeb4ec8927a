// An estate of any size for the benchmarks: N hosts in migration domains of 64, and what a reader would have
// read of them. The same fleet for the same number, on every machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/model/inventory.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway::bench {

inline constexpr std::size_t hosts_per_domain = 64;

enum class State {
    compliant,  // every host as the shipped standard wants it
    faulty,     // but for 5% with each of five faults: delegation gaps, CredSSP, a stray subnet, off, unconstrained
    mixed,      // every second host uses CredSSP, and a quarter of those is off
    empty,      // every delegation list is empty, all else in order
};

Inventory make_inventory(std::size_t hosts);

// Every value is built anew for its host, as a provider would, so that nothing is shared that would not be.
Snapshot make_snapshot(const Inventory& inventory, State state);

// Elements of all delegation lists, and what the lists would hold if every peer were in them.
std::int64_t delegation_values(const Snapshot& snapshot);
std::int64_t delegation_values_wanted(const Inventory& inventory);

}  // namespace fairway::bench
