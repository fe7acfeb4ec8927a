// A text shown by the user's pager: the one that PAGER names, or less. POSIX.
#pragma once

#include <string_view>

namespace fairway::screen {

// Returns when the user has left the pager. False: PAGER is empty, or there is no such program; nothing was printed.
bool page(std::string_view text);

}  // namespace fairway::screen
