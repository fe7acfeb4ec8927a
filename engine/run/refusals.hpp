// How long may a host still believe that it is refused a ticket? Kerberos' client remembers refusals of delegation;
// what was granted meanwhile does not help before it has forgotten, or somebody purges it. Pure.
#pragma once

#include <cstdint>

#include "engine/model/run.hpp"

namespace fairway {

// S4UCacheTimeout's default (KB837361).
inline constexpr std::int64_t refusal_remembered_s = 15 * 60;

// When the run's last change in the directory was written, by our clock; 0: it wrote none there.
std::int64_t last_directory_change(const Run& run);

}  // namespace fairway
