// Which moment does a time mean that was written for a reader of some country, as PowerShell writes it into a CSV file?
// Pure.
#pragma once

#include <vector>

#include "engine/model/event.hpp"

namespace fairway::wmi {

// Sets time_us of the events that are `zoneless`, 0 where `time` is none. Whether days or months stand first is a
// question of the file: one line in which a number can be no month decides for all of them.
void read_local_times(std::vector<LogEvent>& events);

}  // namespace fairway::wmi
