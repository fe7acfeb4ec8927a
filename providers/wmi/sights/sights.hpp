// What is seen of a host beside its settings, for a diagnosis: by connections from here, and by what the host says.
#pragma once

#include "engine/base/clock.hpp"
#include "providers/wmi/hyperv/hosts.hpp"

namespace fairway::wmi {

// `now_ms`: milliseconds since 1970, UTC.
std::unique_ptr<HostSights> make_sights(SharedHosts hosts, Clock now_ms);

}  // namespace fairway::wmi
