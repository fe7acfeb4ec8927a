// Can this host be reached and read, and if not, at which step does it stop and why? Tried once, without patience, by
// the same line, questions and words as every other command; nothing is written on the host.
#pragma once

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/probe.hpp"

namespace fairway::wmi {

Probe probe(const Inventory& inventory, const Host& host, const SharedRecording& recording = {});

}  // namespace fairway::wmi
