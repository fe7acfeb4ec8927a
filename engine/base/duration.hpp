// How long something lasts, as people write it: 45m, 1h30m, 90s.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairway {

// Seconds; at most a number for hours, minutes and seconds each, in this order. Nothing: it is no such thing, or longer
// than a hundred years.
std::optional<std::int64_t> parse_duration(std::string_view text);

std::string show_duration(std::int64_t seconds);  // 1h30m; 0s
std::string show_estimate(std::int64_t ms);  // the same, rounded up: whole seconds, from two minutes on whole minutes

}  // namespace fairway
