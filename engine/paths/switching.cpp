// See switching.hpp.
#include "engine/paths/switching.hpp"

#include <algorithm>
#include <compare>

#include "engine/paths/conditions.hpp"

namespace fairway {
namespace {

std::uint8_t both_ways(const End& a, const End& b) {
    return static_cast<std::uint8_t>((state(a, b) == PathState::open ? 1 : 0) +
                                     (state(b, a) == PathState::open ? 1 : 0));
}

// What an order is worth: the open paths at the gates, then those after each host.
struct Worth {
    std::int64_t at_gates = 0, on_the_way = 0;

    friend auto operator<=>(const Worth&, const Worth&) = default;
    Worth with(std::int64_t open, bool gate) const { return {at_gates + (gate ? open : 0), on_the_way + open}; }
};

class Search {
public:
    Search(const Switching& domain, const std::vector<std::size_t>& first, const std::vector<std::size_t>& gates)
        : domain_(domain), order_(first), changed_(domain.hosts(), false), gate_(domain.hosts() + 1, false) {
        for (const std::size_t host : first) changed_[host] = true;
        for (const std::size_t gate : gates)
            if (gate <= domain.hosts()) gate_[gate] = true;
        for (std::size_t host = 0; host < domain.hosts(); ++host)
            if (!changed_[host]) left_.push_back(host);
    }

    std::vector<std::size_t> exactly() {
        const std::size_t sets = std::size_t{1} << left_.size();
        std::vector<Worth> best(sets);
        std::vector<std::size_t> last(sets, left_.size());
        for (std::size_t set = 1; set < sets; ++set) {
            const std::int64_t open = domain_.open(with(set));
            const auto size = order_.size() + static_cast<std::size_t>(__builtin_popcountll(set));
            // Of equals the first host comes first, so the last one of the set comes last.
            for (std::size_t i = left_.size(); i-- > 0;) {
                if (!(set >> i & 1)) continue;
                const Worth worth = best[set ^ (std::size_t{1} << i)].with(open, gate_[size]);
                if (last[set] < left_.size() && worth <= best[set]) continue;
                best[set] = worth;
                last[set] = i;
            }
        }
        const std::size_t from = order_.size();
        for (std::size_t set = sets - 1; set != 0; set ^= std::size_t{1} << last[set])
            order_.push_back(left_[last[set]]);
        std::reverse(order_.begin() + static_cast<std::ptrdiff_t>(from), order_.end());
        return order_;
    }

    std::vector<std::size_t> greedily() {
        std::vector<std::int64_t> gains(domain_.hosts());
        for (const std::size_t host : left_) gains[host] = domain_.gain(host, changed_);
        while (!left_.empty()) {
            const auto next = std::max_element(left_.begin(), left_.end(),
                                               [&](std::size_t a, std::size_t b) { return gains[a] < gains[b]; });
            const std::size_t changes = *next;
            order_.push_back(changes);
            left_.erase(next);
            for (const std::size_t host : left_) gains[host] += domain_.gain_by(host, changes);
        }
        return order_;
    }

private:
    std::vector<bool> with(std::size_t set) const {
        std::vector<bool> out = changed_;
        for (std::size_t i = 0; i < left_.size(); ++i)
            if (set >> i & 1) out[left_[i]] = true;
        return out;
    }

    const Switching& domain_;
    std::vector<std::size_t> order_, left_;
    std::vector<bool> changed_, gate_;
};

}  // namespace

Switching::Switching(const std::vector<Switch>& hosts, const std::vector<const End*>& others)
    : alone_(hosts.size()), pairs_(hosts.size() * hosts.size()) {
    for (std::size_t a = 0; a < hosts.size(); ++a) {
        const std::array<const End*, 2> from = {&hosts[a].before, &hosts[a].after};
        for (std::size_t s = 0; s < 2; ++s)
            for (const End* other : others) alone_[a][s] += both_ways(*from[s], *other);
        for (std::size_t b = a + 1; b < hosts.size(); ++b) {
            const std::array<const End*, 2> to = {&hosts[b].before, &hosts[b].after};
            for (std::size_t s = 0; s < 2; ++s)
                for (std::size_t t = 0; t < 2; ++t)
                    pairs_[a * hosts.size() + b][s][t] = pairs_[b * hosts.size() + a][t][s] =
                        both_ways(*from[s], *to[t]);
        }
    }
}

std::int64_t Switching::open(const std::vector<bool>& changed) const {
    std::int64_t out = 0;
    for (std::size_t a = 0; a < hosts(); ++a) {
        out += alone_[a][changed[a]];
        for (std::size_t b = a + 1; b < hosts(); ++b) out += pair(a, b)[changed[a]][changed[b]];
    }
    return out;
}

std::int64_t Switching::gain(std::size_t host, const std::vector<bool>& changed) const {
    std::int64_t out = alone_[host][1] - alone_[host][0];
    for (std::size_t b = 0; b < hosts(); ++b)
        if (b != host) out += pair(host, b)[1][changed[b]] - pair(host, b)[0][changed[b]];
    return out;
}

std::int64_t Switching::gain_by(std::size_t host, std::size_t other) const {
    const Pair& both = pair(host, other);
    return both[1][1] - both[0][1] - (both[1][0] - both[0][0]);
}

std::vector<std::size_t> best_order(const Switching& domain, const std::vector<std::size_t>& first,
                                    const std::vector<std::size_t>& gates, std::size_t most_exactly) {
    Search search(domain, first, gates);
    return domain.hosts() - first.size() <= most_exactly ? search.exactly() : search.greedily();
}

}  // namespace fairway
