// In which order should the hosts of one migration domain change, so that most paths stay open on the way? Pure.
//
// How many paths are open depends on which hosts are changed, and not on the order in which they were. So for few hosts
// the best order is found over all sets of hosts; for more, the next host is always the one that leaves most paths
// open.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/paths/end.hpp"

namespace fairway {

// A host before and after its changes.
struct Switch {
    End before, after;
};

// The open paths of a migration domain while some of its hosts are changed and the others are not yet.
class Switching {
public:
    // `others`: hosts that do not change.
    Switching(const std::vector<Switch>& hosts, const std::vector<const End*>& others);

    std::size_t hosts() const { return alone_.size(); }
    std::int64_t open(const std::vector<bool>& changed) const;

    // How the count changes when the host changes too.
    std::int64_t gain(std::size_t host, const std::vector<bool>& changed) const;
    // By how much that is more once `other` has changed as well.
    std::int64_t gain_by(std::size_t host, std::size_t other) const;

private:
    // Open paths in both directions, by whether the first and the second host is changed.
    using Pair = std::array<std::array<std::uint8_t, 2>, 2>;
    const Pair& pair(std::size_t a, std::size_t b) const { return pairs_[a * hosts() + b]; }

    std::vector<std::array<std::int64_t, 2>> alone_;  // with the others, unchanged and changed
    std::vector<Pair> pairs_;
};

inline constexpr std::size_t most_hosts_exactly = 8;

// The hosts by number, in the order in which they change. `first`: they change before all others, in this order.
// `gates`: after so many hosts a wave ends. What is open at the gates counts, then what is open after each host; of
// equals the first host comes first.
std::vector<std::size_t> best_order(const Switching& domain, const std::vector<std::size_t>& first,
                                    const std::vector<std::size_t>& gates,
                                    std::size_t most_exactly = most_hosts_exactly);

}  // namespace fairway
