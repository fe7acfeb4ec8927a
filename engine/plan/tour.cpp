// See tour.hpp.
#include "engine/plan/tour.hpp"

#include <algorithm>

namespace fairway {
namespace {

std::vector<Leg> legs(const std::vector<std::string>& stops) {
    std::vector<Leg> out;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) out.push_back({stops[i], stops[i + 1]});
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

}  // namespace

std::vector<Leg> tour(const std::vector<std::string>& hosts, const std::string& start, TrialMoves::Pairs pairs) {
    if (hosts.size() < 2) return {};
    std::vector<std::string> order = hosts;
    std::rotate(order.begin(), std::find(order.begin(), order.end(), start), order.end());
    return legs(pairs == TrialMoves::Pairs::ring ? around(order) : everywhere(order));
}

}  // namespace fairway
