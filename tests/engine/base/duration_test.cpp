// How long something lasts, as people write it.
#include "engine/base/duration.hpp"

#include <doctest/doctest.h>

namespace fairway::duration_test {

TEST_CASE("durations: a number for hours, minutes and seconds each, in this order") {
    struct Row {
        const char* text;
        std::int64_t seconds;
        const char* shown;
    };
    for (const Row& row :
         {Row{"45m", 2700, "45m"}, Row{"90s", 90, "1m30s"}, Row{"2h", 7200, "2h"}, Row{"1h30m", 5400, "1h30m"},
          Row{"1h30m5s", 5405, "1h30m5s"}, Row{"0m", 0, "0s"}, Row{"24h", 86400, "24h"}, Row{"90m", 5400, "1h30m"}}) {
        CAPTURE(row.text);
        CHECK(parse_duration(row.text) == row.seconds);
        CHECK(show_duration(row.seconds) == row.shown);
    }
    for (const char* wrong : {"", "45", "m", "-45m", "+45m", "45 m", "4.5h", "30m1h", "1m1m", "45M", "1d", "45m ",
                              "99999999999999999999m", "1000001s", "1h2", "0x10m"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_duration(wrong).has_value());
    }
}

TEST_CASE("an estimate is rounded up") {
    for (const auto& [ms, shown] :
         {std::pair{-5, "0s"}, {1, "1s"}, {119'000, "1m59s"}, {119'001, "2m"}, {121'000, "3m"}, {12'000'000, "3h20m"}})
        CHECK(show_estimate(ms) == shown);
}

}  // namespace fairway::duration_test
