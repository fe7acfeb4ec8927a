// Is the way of a write open, and may we write? Shown by a write that changes nothing: the migration setting goes back
// as it was read, and is read again (WMI-11, WMI-12, WMI-14, WMI-30, WMI-32, WMI-90).
#pragma once

#include "engine/model/probe.hpp"
#include "providers/wmi/hyperv/hosts.hpp"

namespace fairway::wmi {

// Steps: setting, migrations, unchanged, write, read back. Up to `write` nothing was written. Code::stale: another
// setting than before, by whosever hand.
Probe rehearse(const SharedHosts& hosts, const std::string& host, Pace pace);

}  // namespace fairway::wmi
