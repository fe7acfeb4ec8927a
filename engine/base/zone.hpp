// Clocks on the wall: which moments does a clock of an IANA time zone show as this day and minute? By the system's own
// zone data, so that a change of law arrives with an update of Debian's tzdata.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/error.hpp"

namespace fairway {

// Code::bad_input: the system knows no such zone; the text stands behind the name.
Result<void> is_zone(const std::string& name);

// What a wall clock shows: the day counted from 1970-01-01, and the minute of that day.
struct WallTime {
    std::int64_t day = 0;
    std::int64_t minute = 0;
};

Result<WallTime> wall_time(const std::string& zone, std::int64_t moment);

// The moments (seconds since 1970, UTC) that a clock shows so. In autumn an hour is shown twice; what spring leaves out
// is the moment of the change, for both.
struct Moments {
    std::int64_t first = 0, last = 0;
};
Result<Moments> moments(const std::string& zone, const WallTime& shown);

// 0 Monday … 6 Sunday.
int weekday(std::int64_t day);

}  // namespace fairway
