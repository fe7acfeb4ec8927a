// The VM for trial moves: known by its note, made and taken away step by step. Every step looks first whether it is
// done, so what was cut off is finished by the same call (WMI-130 to WMI-139).
#pragma once

#include "engine/model/trial_vms.hpp"
#include "providers/wmi/hyperv/codec.hpp"
#include "providers/wmi/wsman/client.hpp"

namespace fairway::wmi {

std::string note_of(const TrialVm& vm);
// The VM that a setting's note says it is; empty: no such note, so it is somebody else's.
std::optional<TrialVm> noted(const cim::Instance& setting);

// verify.trial_vms of a host, of the settings of its VMs.
Result<Held> read_trial_vms(const CodecRow& row, const Instances& settings);

// Makes what `after` has and `before` has not, and takes away what goes. `host`: its NetBIOS name. `left`: what stays
// behind of a VM that is gone.
Result<void> change_trial_vms(Client& client, const std::string& host, const Set& before, const Set& after,
                              std::string& left);

}  // namespace fairway::wmi
