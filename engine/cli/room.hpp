// Is somebody still reading? A pipe whose reader stands still takes nothing more, and a write to it would never return.
#pragma once

#include <cstdint>

namespace fairway::cli {

inline constexpr std::int64_t room_patience_ms = 2000;

// Waits until something can be written to `fd`, or a write would tell why not. False: its reader has taken nothing for
// so long. However slow a reader is, one that takes something is waited for.
bool has_room(int fd);

}  // namespace fairway::cli
