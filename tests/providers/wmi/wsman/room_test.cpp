// Does a host that sends too much fail alone, and is room given back?
#include <doctest/doctest.h>

#include "providers/wmi/wsman/room.hpp"

namespace fairway::wmi::room_test {

TEST_CASE("room: a little is each host's own, the rest is shared") {
    Pool pool(200);
    const std::size_t little = 256u << 10;
    Room greedy(pool);
    CHECK(greedy.keep(most_shared + little));
    CHECK_FALSE(greedy.keep(most_shared + little + 1));
    Room modest(pool), another(pool);
    CHECK(modest.keep(little));  // whatever others hold
    CHECK_FALSE(modest.keep(little + 1));
    CHECK(another.arrive(little));
    CHECK_FALSE(another.arrive(little + 1));
    CHECK(greedy.keep(most_shared));  // it gives back what it does not keep
    CHECK(modest.keep(2 * little));
    CHECK_FALSE(another.arrive(little + 1));
}

TEST_CASE("room: what is kept and what arrives count together, and all of it comes back") {
    Pool pool(1);
    for (int i = 0; i < 3; ++i) {
        Room room(pool);
        CHECK(room.keep(most_held));
        CHECK(room.arrive(8u << 20));
        CHECK_FALSE(room.arrive(16u << 20));
        CHECK(room.keep(0));
        CHECK(room.arrive(most_shared));
        CHECK_FALSE(room.arrive(most_shared + (1u << 20)));
    }
}

TEST_CASE("room: many hosts have less of their own, so that all together are bounded") {
    Pool pool(100'000);
    Room one(pool);
    CHECK(one.keep(most_shared));
    Room other(pool);
    CHECK(other.keep(500));
    CHECK_FALSE(other.keep(100u << 10));
}

}  // namespace fairway::wmi::room_test
