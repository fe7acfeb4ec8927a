// Tours of a trial VM.
#include "engine/plan/tour.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace fairway;

TEST_CASE("every tour is one walk that ends where it began and proves what it says") {
    for (std::size_t n = 2; n <= 9; ++n)
        for (const auto pairs : {TrialMoves::Pairs::ring, TrialMoves::Pairs::all}) {
            std::vector<std::string> hosts;
            for (std::size_t i = 0; i < n; ++i) hosts.push_back("H" + std::to_string(i));
            const std::string start = hosts[n / 2];
            const std::vector<Leg> legs = tour(hosts, start, pairs);
            CHECK(legs.front().from == start);
            CHECK(legs.back().to == start);
            std::set<std::pair<std::string, std::string>> proved;
            for (std::size_t i = 0; i < legs.size(); ++i) {
                if (i > 0) CHECK(legs[i].from == legs[i - 1].to);
                CHECK(legs[i].from != legs[i].to);
                proved.insert({legs[i].from, legs[i].to});
            }
            CHECK(proved.size() == legs.size());  // nothing is tried twice
            if (pairs == TrialMoves::Pairs::all) CHECK(proved.size() == n * (n - 1));
            for (const auto& [from, to] : proved) CHECK(proved.contains({to, from}));
        }
    CHECK(tour({"H0"}, "H0", TrialMoves::Pairs::all).empty());
}
