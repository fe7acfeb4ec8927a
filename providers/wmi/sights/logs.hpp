// What do the logs say in which Hyper-V reports moves? A host that is in no cluster may lack one, and a log that may
// not be read must not hide the others. What is missing is said in the answer.
#pragma once

#include "engine/base/error.hpp"
#include "engine/model/event.hpp"
#include "providers/wmi/wsman/channel.hpp"

namespace fairway::wmi {

// From `since` (seconds since 1970, UTC, by the host's clock) on, oldest first. Error: none of the logs can be read.
Result<EventFile> read_move_logs(Channel& channel, std::int64_t since);

}  // namespace fairway::wmi
