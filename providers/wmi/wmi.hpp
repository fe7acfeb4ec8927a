// The provider of Hyper-V hosts: their settings and facts over WS-Management, as the port wants them
// (engine/provider.hpp). Opening costs nothing; hosts are reached, and credentials got, when first needed.
#pragma once

#include <memory>

#include "engine/base/recording.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/probe.hpp"
#include "engine/provider.hpp"

namespace fairway::wmi {

class Hosts;

// The way to the hosts of an inventory: the handles opened on it share connections and sign-ons, and with them one
// thread of the caller's. Every HTTP exchange is kept in `recording`, if there is one.
std::shared_ptr<Hosts> reach(const Inventory& inventory, SharedRecording recording = {});

std::unique_ptr<Reader> open_reader(const std::shared_ptr<Hosts>& hosts);
std::unique_ptr<Writer> open_writer(const std::shared_ptr<Hosts>& hosts);
std::unique_ptr<Mover> open_mover(const std::shared_ptr<Hosts>& hosts);
std::unique_ptr<HostSights> open_sights(const std::shared_ptr<Hosts>& hosts);
Probe rehearse_write(const std::shared_ptr<Hosts>& hosts, const std::string& host);  // hyperv/rehearsal.hpp

}  // namespace fairway::wmi
