// Which times are RFC 3339 with a zone?
#include <doctest/doctest.h>

#include "engine/base/clock.hpp"
#include "engine/base/timestamp.hpp"

namespace fairway::timestamp_test {

TEST_CASE("times with a zone") {
    const std::pair<const char*, std::int64_t> rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2000-02-29T12:00:00Z", 951825600},
        {"2024-02-29T00:00:00+00:00", 1709164800},
        {"2026-12-15T22:00:00+01:00", 1797368400},
        {"2026-12-15t21:00:00z", 1797368400},
        {"2026-12-15T16:30:00-04:30", 1797368400},
        {"2026-12-15T21:00:00.999999Z", 1797368400},
        {"2026-12-15T21:00:00-00:00", 1797368400},
        {"9999-12-31T23:59:59Z", 253402300799},
        {"0001-01-01T00:00:00Z", -62135596800},
    };
    for (const auto& [text, seconds] : rows) {
        CAPTURE(text);
        const auto parsed = parse_timestamp(text);
        REQUIRE(parsed);
        CHECK(*parsed == seconds);
    }
}

TEST_CASE("there and back, every day of five centuries") {
    for (std::int64_t day = -36'525; day < 146'097; ++day) {
        const std::int64_t seconds = day * 86'400 + (day * day) % 86'400;
        if (parse_timestamp(show_time(seconds)).value_or(-1) == seconds) continue;
        FAIL_CHECK(show_time(seconds));
    }
}

TEST_CASE("what is no time") {
    const char* const form = "is no time of the form 2026-12-15T22:00:00+01:00 (RFC 3339)";
    const char* const zone = "has no zone: put Z (UTC) or an offset like +01:00 behind it";
    const char* const day = "is a day that does not exist";
    const char* const hour = "is an hour that does not exist: a day ends at 23:59:59";
    const std::pair<const char*, const char*> rows[] = {
        {"", form},
        {"tomorrow", form},
        {"26-12-15T22:00:00Z", form},
        {"2026-12-15 22:00:00Z", form},
        {"2026-12-15T22:00Z", form},
        {"2026-12-15T22:00:00.Z", form},
        {"2026-12-15T22:00:00+0100", form},
        {"2026-12-15T22:00:00+01", form},
        {"2026-12-15T22:00:00 +01:00", form},
        {"2026-12-15T22:00:00Z ", form},
        {" 2026-12-15T22:00:00Z", form},
        {"2026-1-15T22:00:00Z", form},
        {"2026-12-15T22:00:00Europe/Berlin", form},
        {"2026-12-15T22:00:00", zone},
        {"2026-12-15T22:00:00.5", zone},
        {"2026-12-15", "is a day without a time: write it as 2026-12-15T22:00:00+01:00 (RFC 3339)"},
        {"2026-02-29T00:00:00Z", day},
        {"1900-02-29T00:00:00Z", day},
        {"2026-04-31T00:00:00Z", day},
        {"2026-00-10T00:00:00Z", day},
        {"2026-13-10T00:00:00Z", day},
        {"2026-12-00T00:00:00Z", day},
        {"2026-12-15T24:00:00Z", hour},
        {"2026-12-15T22:60:00Z", hour},
        {"2026-12-15T22:00:61Z", hour},
        {"2016-12-31T23:59:60Z", "is a leap second: write the second before or after it"},
        {"2026-12-15T22:00:00+24:00", "has an offset that no zone can have"},
        {"2026-12-15T22:00:00+01:60", "has an offset that no zone can have"},
    };
    for (const auto& [text, why] : rows) {
        CAPTURE(text);
        const auto parsed = parse_timestamp(text);
        REQUIRE(!parsed);
        CHECK(parsed.error().text == why);
    }
}

}  // namespace fairway::timestamp_test
