// Does every replica of the directory show what a run wrote, and if not yet, when? Compares stamps, waits, and asks
// again those that are behind. Knows no values, and judges none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/provider.hpp"

namespace fairway {

// What one replica lacks.
struct Lag {
    Replica replica;
    std::vector<Address> behind;
    std::optional<Error> silent;  // it cannot be asked, so nothing is known of it; it counts as behind
};

struct Convergence {
    std::vector<Replica> replicas;                       // all that were asked
    std::size_t values = 0;                              // addresses that were looked for
    std::size_t shown = 0, of = 0;                       // addresses, counted at every replica
    std::vector<Lag> lags;                               // empty: all of them show everything
    std::vector<std::pair<Replica, Address>> overtaken;  // it holds a later change, by somebody else
    std::int64_t waited_s = 0;
    bool interrupted = false;

    bool complete() const { return lags.empty(); }
};

struct Patience {
    std::int64_t limit_s = 0;  // 0: look once
    Clock clock = system_now;
    std::function<bool(std::int64_t seconds)> sleep;  // false: somebody wants no more waiting
    std::function<void(const Convergence& so_far)> say = [](const Convergence&) {};
};

// A value is at a replica when its stamp there is that of the replica at which the run reads and writes, or a later
// one. An Error: not even that one could be asked.
Result<Convergence> converge(Replicas& replicas, std::span<const Address> addresses, const Patience& patience);

}  // namespace fairway
