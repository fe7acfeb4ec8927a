// See tour.hpp.
#include "engine/plan/tour.hpp"

#include <algorithm>
#include <random>

namespace fairway {
namespace {

std::vector<Leg> legs(const std::vector<std::string>& stops, TrialMoves::Storage storage) {
    std::vector<Leg> out;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i)
        out.push_back(
            {stops[i], stops[i + 1],
             storage == TrialMoves::Storage::yes || (storage == TrialMoves::Storage::alternate && i % 2 == 0)});
    return out;
}

std::vector<std::string> around(const std::vector<std::string>& hosts) {
    std::vector<std::string> stops = hosts;
    stops.push_back(hosts.front());
    if (hosts.size() == 2) return stops;
    stops.insert(stops.end(), hosts.rbegin(), hosts.rend());
    return stops;
}

// The complete directed graph has an Eulerian circuit; Hierholzer's walk finds one.
std::vector<std::string> everywhere(const std::vector<std::string>& hosts) {
    const std::size_t n = hosts.size();
    std::vector<std::size_t> next(n, 0);  // the next host to leave for, from each
    std::vector<std::size_t> stack = {0};
    std::vector<std::string> stops;
    while (!stack.empty()) {
        const std::size_t at = stack.back();
        if (next[at] == at) ++next[at];
        if (next[at] < n) {
            stack.push_back(next[at]++);
        } else {
            stops.push_back(hosts[at]);
            stack.pop_back();
        }
    }
    std::reverse(stops.begin(), stops.end());
    return stops;
}

// The same numbers everywhere for a seed, which the standard promises of the engine and not of its distributions; a
// remainder favours the first pairs a little, and that does not matter here.
std::vector<std::string> drawn(const std::vector<std::string>& hosts, std::int64_t count, std::uint64_t seed) {
    std::vector<std::pair<std::size_t, std::size_t>> pairs;
    for (std::size_t a = 0; a < hosts.size(); ++a)
        for (std::size_t b = a + 1; b < hosts.size(); ++b) pairs.emplace_back(a, b);
    std::mt19937_64 dice(seed);
    std::vector<std::size_t> stops = {0};
    for (std::int64_t drawn = 0; drawn < count && !pairs.empty(); ++drawn) {
        const std::size_t place = dice() % pairs.size();
        auto [near, far] = pairs[place];
        pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(place));
        if (stops.back() == far) std::swap(near, far);
        if (stops.back() != near) stops.push_back(near);
        stops.insert(stops.end(), {far, near});
    }
    if (stops.back() != 0) stops.push_back(0);
    std::vector<std::string> out;
    for (const std::size_t stop : stops) out.push_back(hosts[stop]);
    return out;
}

}  // namespace

std::vector<Leg> tour(const std::vector<std::string>& hosts, const std::string& start, const TrialMoves& wanted,
                      std::uint64_t seed) {
    if (hosts.size() < 2) return {};
    std::vector<std::string> order = hosts;
    std::rotate(order.begin(), std::find(order.begin(), order.end(), start), order.end());
    switch (wanted.pairs) {
        case TrialMoves::Pairs::ring: return legs(around(order), wanted.storage);
        case TrialMoves::Pairs::all: return legs(everywhere(order), wanted.storage);
        case TrialMoves::Pairs::sample: break;
    }
    return legs(drawn(order, wanted.sample, seed), wanted.storage);
}

}  // namespace fairway
