// Time as a parameter: what has effects takes a Clock, what is pure takes a number.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace fairway {

using Clock = std::function<std::int64_t()>;  // seconds since 1970, UTC

std::int64_t system_now();
std::int64_t system_now_ms();                 // the same in milliseconds
std::int64_t steady_now_ms();                 // of a clock that nobody sets: for durations alone
std::string show_time(std::int64_t seconds);  // 2026-11-22T04:10:00Z
std::string show_date(std::int64_t seconds);  // 2026-11-22

}  // namespace fairway
