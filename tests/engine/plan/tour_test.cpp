// Tours of a trial VM.
#include "engine/plan/tour.hpp"

#include <doctest/doctest.h>
#include <set>

namespace fairway::tour_test {

namespace {

using Pairs = TrialMoves::Pairs;
using Way = std::pair<std::string, std::string>;

std::vector<std::string> hosts_of(std::size_t n) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < n; ++i) out.push_back("H" + std::to_string(i));
    return out;
}

TrialMoves wanting(Pairs pairs, std::int64_t sample = 3) {
    TrialMoves out;
    out.pairs = pairs;
    out.sample = sample;
    return out;
}

// That it is one walk from `start` and back; the ways that it went.
std::set<Way> walked(const std::vector<Leg>& legs, const std::string& start) {
    REQUIRE_FALSE(legs.empty());
    CHECK(legs.front().from == start);
    CHECK(legs.back().to == start);
    std::set<Way> out;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        if (i > 0) CHECK(legs[i].from == legs[i - 1].to);
        CHECK(legs[i].from != legs[i].to);
        out.insert({legs[i].from, legs[i].to});
    }
    return out;
}

}  // namespace

TEST_CASE("every tour is one walk that ends where it began and proves what it says") {
    for (std::size_t n = 2; n <= 9; ++n)
        for (const auto pairs : {Pairs::ring, Pairs::all}) {
            const auto hosts = hosts_of(n);
            const std::vector<Leg> legs = tour(hosts, hosts[n / 2], wanting(pairs), 0);
            const auto proved = walked(legs, hosts[n / 2]);
            CHECK(proved.size() == legs.size());  // nothing is tried twice
            if (pairs == Pairs::all) CHECK(proved.size() == n * (n - 1));
            for (const auto& [from, to] : proved) CHECK(proved.contains({to, from}));
        }
    CHECK(tour({"H0"}, "H0", wanting(Pairs::all), 0).empty());
}

TEST_CASE("a sample draws as many pairs as it says, each there and back, the same ones by the same seed") {
    std::set<std::set<Way>> drawn;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto hosts = hosts_of(6);
        const auto legs = tour(hosts, "H2", wanting(Pairs::sample, 4), seed);
        const auto proved = walked(legs, "H2");
        std::size_t both_ways = 0;
        for (const auto& [from, to] : proved) both_ways += proved.contains({to, from}) ? 1 : 0;
        CHECK(both_ways >= 8);
        CHECK(legs.size() <= 13);  // there and back, a way to each pair, and home
        const auto again = tour(hosts, "H2", wanting(Pairs::sample, 4), seed);
        CHECK(walked(again, "H2") == proved);
        drawn.insert(proved);
    }
    CHECK(drawn.size() > 30);
    const auto seven = tour(hosts_of(5), "H0", wanting(Pairs::sample, 2), 7);
    std::string spelt;
    for (const Leg& leg : seven) spelt += leg.from + ">" + leg.to + " ";
    CHECK(spelt == "H0>H1 H1>H3 H3>H1 H1>H2 H2>H3 H3>H2 H2>H0 ");                              // on every machine
    CHECK(walked(tour(hosts_of(3), "H1", wanting(Pairs::sample, 100), 1), "H1").size() == 6);  // no more than there are
}

TEST_CASE("storage goes along never, always, or with every second move") {
    const auto with = [](TrialMoves::Storage storage) {
        TrialMoves wanted = wanting(Pairs::all);
        wanted.storage = storage;
        std::size_t out = 0;
        for (const Leg& leg : tour(hosts_of(4), "H0", wanted, 0)) out += leg.storage ? 1 : 0;
        return out;
    };
    CHECK(with(TrialMoves::Storage::no) == 0);
    CHECK(with(TrialMoves::Storage::yes) == 12);
    CHECK(with(TrialMoves::Storage::alternate) == 6);
}

}  // namespace fairway::tour_test
