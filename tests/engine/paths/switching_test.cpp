// The order of hosts that keeps most paths open: as good as trying all orders, and nearly so where there are too many.
#include "engine/paths/switching.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <numeric>
#include <random>
#include <utility>

#include "engine/model/migration_settings.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/paths/simulate.hpp"
#include "tests/sample.hpp"

namespace fairway::switching_test {

namespace {

using Numbers = std::vector<std::size_t>;

// Hosts of all kinds, and some that do not change: each differs from the sample's in what opens and closes its paths.
struct Pool {
    explicit Pool(std::size_t changing, unsigned seed) : dice(seed) {
        const Inventory inventory = sample::inventory();
        const std::vector<Mesh> found = meshes(inventory, sample::snapshot());
        const End& model = found[0].ends[0];
        host.name = "HV";
        for (std::size_t i = 0; i < changing + 3; ++i) {
            End before = model;
            before.host = &host;
            before.index = i;
            before.delegates_to = std::vector<std::uint8_t>(changing + 3, all_names);
            before.admits = Admitted{std::vector<std::uint8_t>(changing + 3, 0), {}};
            before.credential_guard = one_in(8);
            before.enabled = !one_in(8);
            before.own_names = !one_in(8);
            before.authentication = one_in(2) ? setting::kerberos : setting::credssp;
            for (std::uint8_t& names : *before.delegates_to)
                if (one_in(6)) names = 0;
            End after = before;
            after.authentication = setting::kerberos;
            if (one_in(2)) after.enabled = true;
            if (i < changing) hosts.push_back({before, after});
            else others.push_back(before);
        }
    }

    bool one_in(unsigned n) { return dice() % n == 0; }
    Switching switching() const {
        std::vector<const End*> still;
        for (const End& end : others) still.push_back(&end);
        return {hosts, still};
    }

    std::mt19937 dice;
    Host host;
    std::vector<Switch> hosts;
    std::vector<End> others;
};

// Counted anew from the hosts, in no cleverer way than pair by pair.
std::int64_t open_now(const Pool& pool, const std::vector<bool>& changed) {
    std::vector<const End*> ends;
    for (std::size_t i = 0; i < pool.hosts.size(); ++i)
        ends.push_back(changed[i] ? &pool.hosts[i].after : &pool.hosts[i].before);
    for (const End& end : pool.others) ends.push_back(&end);
    std::int64_t out = 0;
    for (std::size_t a = 0; a < ends.size(); ++a)
        for (std::size_t b = 0; b < ends.size(); ++b)
            if (a != b && (a < pool.hosts.size() || b < pool.hosts.size()) &&
                state(*ends[a], *ends[b]) == PathState::open)
                ++out;
    return out;
}

// Open paths at the gates, and after each host.
std::pair<std::int64_t, std::int64_t> worth(const Pool& pool, const Numbers& order, const Numbers& gates) {
    std::pair<std::int64_t, std::int64_t> out;
    std::vector<bool> changed(pool.hosts.size(), false);
    for (std::size_t i = 0; i < order.size(); ++i) {
        changed[order[i]] = true;
        const std::int64_t open = open_now(pool, changed);
        out.second += open;
        if (std::find(gates.begin(), gates.end(), i + 1) != gates.end()) out.first += open;
    }
    return out;
}

}  // namespace

TEST_CASE("for few hosts the order is as good as the best of all orders") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const std::size_t n = 1 + seed % 6;
        const Pool pool(n, seed);
        const Numbers gates = n > 3 ? Numbers{1, 3, n} : Numbers{1, n};
        Numbers order(n);
        std::iota(order.begin(), order.end(), std::size_t{0});
        auto best = worth(pool, order, gates);
        while (std::next_permutation(order.begin(), order.end())) best = std::max(best, worth(pool, order, gates));
        const Numbers found = best_order(pool.switching(), {}, gates);
        REQUIRE(Numbers(found).size() == n);
        const auto got = worth(pool, found, gates);
        CHECK(got.first == best.first);
        // What is open on the way counts among orders that are equal at the gates.
        CHECK(got == best);
    }
}

TEST_CASE("the table counts what the conditions say, and gains are its differences") {
    for (unsigned seed = 0; seed < 20; ++seed) {
        Pool pool(7, seed);
        const Switching table = pool.switching();
        std::vector<bool> changed(7, false);
        for (int i = 0; i < 4; ++i) changed[pool.dice() % 7] = true;
        CHECK(table.open(changed) == open_now(pool, changed));
        for (std::size_t host = 0; host < 7; ++host) {
            if (changed[host]) continue;
            std::vector<bool> then = changed;
            then[host] = true;
            CHECK(table.gain(host, changed) == table.open(then) - table.open(changed));
            for (std::size_t other = 0; other < 7; ++other) {
                if (other == host || changed[other]) continue;
                std::vector<bool> later = changed;
                later[other] = true;
                CHECK(table.gain(host, later) == table.gain(host, changed) + table.gain_by(host, other));
            }
        }
    }
}

TEST_CASE("hosts that are given go first, and equal ones keep their order") {
    Pool pool(4, 1);
    for (Switch& one : pool.hosts) one = pool.hosts[0];
    for (std::size_t i = 0; i < 4; ++i) pool.hosts[i].before.index = pool.hosts[i].after.index = i;
    for (Switch& one : pool.hosts)
        for (End* end : {&one.before, &one.after}) end->delegates_to = std::vector<std::uint8_t>(7, all_names);
    CHECK(best_order(pool.switching(), {}, {1}) == Numbers{0, 1, 2, 3});
    CHECK(best_order(pool.switching(), {}, {1}, 0) == Numbers{0, 1, 2, 3});
    CHECK(best_order(pool.switching(), {2}, {1}) == Numbers{2, 0, 1, 3});
    CHECK(best_order(pool.switching(), {2}, {1}, 0) == Numbers{2, 0, 1, 3});
}

TEST_CASE("the next best host, measured against the best order of ten hosts") {
    std::int64_t best = 0, next_best = 0;
    for (unsigned seed = 0; seed < 40; ++seed) {
        const Pool pool(10, seed);
        const Numbers gates = {1, 4, 10};
        const Switching table = pool.switching();
        best += worth(pool, best_order(table, {}, gates, 10), gates).first;
        next_best += worth(pool, best_order(table, {}, gates, 0), gates).first;
    }
    MESSAGE("at the gates the next best host keeps " << next_best << " paths open, the best order " << best);
    CHECK(next_best <= best);
    CHECK(next_best * 100 >= best * 97);
}

}  // namespace fairway::switching_test
