// A point in time as documents write it: RFC 3339 with a zone, since a time without one means another hour
// to every reader. The way back to text is base/clock's show_time.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

// Seconds since 1970, UTC; a fraction is dropped. Only dates that exist. A leap second (:60) is refused: the
// clocks we compare with do not know it. The error's text stands behind the time itself: "has no zone …".
Result<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace fairway
