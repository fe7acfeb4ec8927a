// A moment that an option gives: a day, or a time with its zone.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/cli/commands.hpp"

namespace fairway::cli {

// Seconds since 1970, UTC. `of_a_day`: which time of it is meant, "T00:00:00Z".
Result<std::int64_t> moment(const Request& request, std::string_view option, std::string_view of_a_day);

}  // namespace fairway::cli
