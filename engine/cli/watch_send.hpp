// How a message of `watch` goes out, on each way: in a child process, which ends well only if it was taken.
#pragma once

#include <string>

#include "engine/cli/watch_wish.hpp"
#include "engine/watch/child.hpp"
#include "engine/watch/state.hpp"

namespace fairway::cli {

Result<watch::Child> send_message(const watch::Way& way, const watch::Message& message, const WatchWish& wish);
// Whether it was taken, and why not.
Result<void> answer_of(const watch::Ended& ended);

}  // namespace fairway::cli
