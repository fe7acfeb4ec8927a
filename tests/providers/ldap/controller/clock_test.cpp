// Is a controller's clock compared with ours, and is one who shows none refused?
#include "providers/ldap/controller/clock.hpp"

#include <doctest/doctest.h>

#include "tests/providers/ldap/ber.hpp"
#include "tests/providers/ldap/one_call.hpp"

namespace fairway::ldap::clock_test {

namespace {

using namespace std::chrono_literals;

// Whoever answers so; our clock stands at noon of that day, and each look at it takes 100 ms.
Result<ClockSeen> clock_of(const std::string& answer, std::chrono::milliseconds patience = 30s) {
    OneCall server(answers(answer));
    std::int64_t now = 1795953600000;  // 2026-11-29T12:00:00Z
    return read_clock(
        "127.0.0.1", server.port(), [&] { return now += 100; }, patience);
}

}  // namespace

TEST_CASE("clock of a controller: ahead, behind, and how exact that is") {
    const auto ahead = clock_of(entry("currentTime", "20261129121000.0Z") + done(0));
    REQUIRE_MESSAGE(ahead.has_value(), (ahead ? "" : ahead.error().text));
    CHECK(ahead->ahead_ms == 600'000 - 150);
    CHECK(ahead->within_ms == 1050);
    CHECK(clock_of(entry("currentTime", "20261129115959.0Z") + done(0))->ahead_ms == -1150);
}

TEST_CASE("clock of a controller: no time, no entry, no answer, nobody") {
    CHECK(clock_of(entry("currentTime", "noon") + done(0)).error().code == Code::protocol);
    CHECK(clock_of(done(0)).error().code == Code::protocol);
    CHECK(clock_of(done(1)).error().code == Code::protocol);
    CHECK(clock_of("", 200ms).error().code == Code::unreachable);
    std::uint16_t closed = 0;
    {
        const OneCall server([](int) {});
        closed = server.port();
    }
    CHECK(read_clock("127.0.0.1", closed, [] { return 0; }).error().code == Code::unreachable);
}

}  // namespace fairway::ldap::clock_test
