// First contact with a host: can it be reached, and which of our assumptions about Windows hold there? Nothing is
// written on it.
#pragma once

#include "engine/base/recording.hpp"
#include "engine/model/assumption.hpp"
#include "engine/model/inventory.hpp"

namespace fairway::wmi {

// `record` keeps its notes in memory, so that answers can be judged by what a file would say of them.
FirstContact first_contact(const Inventory& inventory, const Host& host, const SharedRecording& record);

}  // namespace fairway::wmi
