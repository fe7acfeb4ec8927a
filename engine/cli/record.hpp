// --record DIR: what the recording must know before the first message, and what the person reads at the end.
#pragma once

#include <string>

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"

namespace fairway::cli {

// The names that the inventory knows, so that they are replaced wherever they come up.
void tell_names(const SharedRecording& recording, const Inventory& inventory);

// How much was recorded, and where; a line for people. Empty: nothing was to be.
std::string told(const SharedRecording& recording);

}  // namespace fairway::cli
