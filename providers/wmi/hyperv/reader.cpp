// What do these addresses hold? Grouped by host, each host for itself: one that fails fails its own addresses only.
#include <algorithm>
#include <fmt/format.h>
#include <list>

#include "providers/wmi/hyperv/host_talk.hpp"
#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/hyperv/migration_service.hpp"

namespace fairway::wmi {
namespace {

class HostReader : public Reader {
public:
    HostReader(SharedHosts hosts, Pace pace) : hosts_(std::move(hosts)), pace_(std::move(pace)) {}

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        std::map<std::string, std::vector<Address>> by_host;
        for (const Address& address : addresses) by_host[address.object].push_back(address);
        Snapshot out;
        std::list<HostTalk> talks;
        std::vector<Talk*> all;
        for (auto& [name, asked] : by_host) {
            if (hosts_->find(name) != nullptr) {
                all.push_back(&talks.emplace_back(name, std::move(asked)));
                continue;
            }
            for (const Address& address : asked)
                out.readings.emplace(address,
                                     tl::unexpected(named(name, {Code::not_found, "is not in the inventory"})));
        }
        hosts_->lead(all, progress);
        for (const HostTalk& talk : talks) {
            out.readings.insert(talk.readings().begin(), talk.readings().end());
            if (talk.answered()) out.sources.push_back(talk.host());
            remember(talk);
        }
        std::sort(out.sources.begin(), out.sources.end());
        return out;
    }

private:
    void remember(const HostTalk& talk) {
        Seen& seen = hosts_->seen(*hosts_->find(talk.host()));
        Seen::Held held;
        for (const Source source : {Source::migration_setting, Source::migration_network, Source::migration_service})
            if (const Instances* instances = talk.instances(source)) held.emplace(source, *instances);
        if (held.contains(Source::migration_service))
            if (auto reference = service_reference(held.at(Source::migration_service)))
                seen.service = std::move(*reference);
        seen.note(std::move(held), pace_.now());
    }

    SharedHosts hosts_;
    Pace pace_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(SharedHosts hosts, Pace pace) {
    return std::make_unique<HostReader>(std::move(hosts), std::move(pace));
}

}  // namespace fairway::wmi
