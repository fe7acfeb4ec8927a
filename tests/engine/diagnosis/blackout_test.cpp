// How long a VM stood still, as hosts log it.
#include "engine/diagnosis/blackout.hpp"

#include <doctest/doctest.h>

using namespace fairway;

namespace {

LogEvent done(const std::string& seconds, const std::string& id = "6D1F", std::uint32_t event = 20415) {
    LogEvent out;
    out.provider = "Microsoft-Windows-Hyper-V-VMMS";
    out.id = event;
    out.time_us = 7;
    out.data = {{"Parameter0", "canary"}, {"Parameter1", id}, {"Parameter2", seconds}};
    return out;
}

std::int64_t length(const LogEvent& event) {
    const auto found = blackouts({&event, 1}, "6d1f");
    return found.empty() ? -1 : found[0].length.count();
}

}  // namespace

TEST_CASE("a blackout is the third parameter of the event that ends a move of that VM") {
    CHECK(length(done("0.5")) == 500);
    CHECK(length(done("0,25")) == 250);
    CHECK(length(done("2", "6D1F", 20417)) == 2000);
    CHECK(length(done("1.23456")) == 1234);
    for (const char* odd : {"", "x", "-1", "0.-5", "0.x", "99999", "0.5 s"}) {
        CAPTURE(odd);
        CHECK(length(done(odd)) == -1);
    }
    CHECK(length(done("0.5", "another")) == -1);
    CHECK(length(done("0.5", "6D1F", 20413)) == -1);
    LogEvent of_another = done("0.5");
    of_another.provider = "Microsoft-Windows-Hyper-V-Worker";
    CHECK(length(of_another) == -1);
    LogEvent cut = done("0.5");
    cut.data.resize(2);
    CHECK(length(cut) == -1);
}

TEST_CASE("a move has the blackout that was logged in its time, however late its end was seen") {
    constexpr std::int64_t s = 1'000'000;
    const auto ms = [](int n) { return std::chrono::milliseconds(n); };
    // Three moves one after the other; the machine here was slow to see the first two end.
    std::vector<Blackout> logged = {{102 * s, ms(1)}, {107 * s, ms(2)}, {112 * s, ms(3)}};
    CHECK(take_blackout(logged, 100, 105) == ms(1));
    CHECK(take_blackout(logged, 105, 110) == ms(2));
    CHECK(take_blackout(logged, 110, 112) == ms(3));
    CHECK(logged.empty());
    // Nobody logged the first: the second's is not the first's.
    logged = {{107 * s, ms(2)}};
    CHECK(take_blackout(logged, 100, 105) == std::nullopt);
    CHECK(take_blackout(logged, 105, 107) == ms(2));
    // Both ends logged it: the nearest to the end is taken.
    logged = {{101 * s, ms(9)}, {102 * s, ms(4)}};
    CHECK(take_blackout(logged, 100, 102) == ms(4));
    CHECK(logged.size() == 1);
}
