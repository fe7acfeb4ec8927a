// See wmi.hpp.
#include "providers/wmi/wmi.hpp"

#include <fmt/format.h>

#include "providers/wmi/fleet.hpp"
#include "providers/wmi/hyperv/rehearsal.hpp"
#include "providers/wmi/sights/sights.hpp"

namespace fairway::wmi {

Error named(const std::string& host, const Error& error) {
    return {error.code, fmt::format("{}: {}", host, error.text)};
}

std::shared_ptr<Hosts> reach(const Inventory& inventory, SharedRecording recording) {
    return std::make_shared<Fleet>(inventory, std::move(recording));
}

std::unique_ptr<Reader> open_reader(const std::shared_ptr<Hosts>& hosts) { return make_reader(hosts, Pace::real()); }
std::unique_ptr<Writer> open_writer(const std::shared_ptr<Hosts>& hosts) { return make_writer(hosts, Pace::real()); }
std::unique_ptr<Mover> open_mover(const std::shared_ptr<Hosts>& hosts) { return make_mover(hosts, Pace::real()); }
std::unique_ptr<HostSights> open_sights(const std::shared_ptr<Hosts>& hosts) {
    return make_sights(hosts, system_now_ms);
}

Probe rehearse_write(const std::shared_ptr<Hosts>& hosts, const std::string& host) {
    return rehearse(hosts, host, Pace::real());
}

}  // namespace fairway::wmi
