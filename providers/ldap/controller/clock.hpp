// How do a controller's clock and ours differ? Asked without a sign-on, because a clock that is wrong prevents one; so
// the answer is a claim of whoever answers there.
#pragma once

#include <chrono>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/model/sight.hpp"

namespace fairway::ldap {

inline constexpr std::chrono::seconds clock_patience{3};  // to connect, and as long for an answer

Result<ClockSeen> read_clock(const std::string& server, unsigned port, const Clock& now_ms,
                             std::chrono::milliseconds patience = clock_patience);

}  // namespace fairway::ldap
