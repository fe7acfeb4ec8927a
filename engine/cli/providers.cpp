// See providers.hpp.
#include "engine/cli/providers.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "providers/ldap/ldap.hpp"
#include "providers/memory/memory.hpp"
#include "providers/webhook/post.hpp"
#include "providers/wmi/events/event_file.hpp"
#include "providers/wmi/first_contact.hpp"
#include "providers/wmi/probe.hpp"
#include "providers/wmi/wmi.hpp"

namespace fairway::cli {
namespace {

// An embedded estate.
class File : public Provider {
public:
    explicit File(const Approach& approach) : inventory_(approach.inventory) {}
    Result<std::unique_ptr<Reader>> reader(const Recall&) const override { return memory::open_reader(inventory_); }
    Result<std::unique_ptr<Writer>> writer() const override { return memory::open_writer(inventory_); }
    Result<std::unique_ptr<RightsReader>> rights() const override { return memory::open_rights_reader(inventory_); }
    Result<std::unique_ptr<Mover>> mover() const override { return memory::open_mover(inventory_); }
    Result<Probe> probe(const Host&) const override { return nothing_to_probe(); }
    Result<Probe> rehearse(const Host&) const override { return nothing_to_probe(); }
    Result<FirstContact> first_contact(const Host&) const override { return nothing_to_probe(); }
    Result<std::unique_ptr<Replicas>> replicas() const override { return memory::open_replicas(inventory_); }
    Result<std::unique_ptr<NameReader>> names() const override { return memory::open_name_reader(inventory_); }
    Result<std::unique_ptr<HostFinder>> finder() const override { return memory::open_finder(inventory_); }
    Result<std::unique_ptr<HostSights>> host_sights() const override { return no_network(); }
    Result<std::unique_ptr<HostLogs>> host_logs() const override { return memory::open_logs(inventory_); }
    Result<std::unique_ptr<DirectorySights>> directory_sights() const override { return no_network(); }

private:
    static tl::unexpected<Error> nothing_to_probe() {
        return fail(Code::bad_input, "an embedded estate has no hosts on the network: there is nothing to probe");
    }

    static tl::unexpected<Error> no_network() {
        return fail(Code::unsupported, "an embedded estate has no network, clocks or tickets");
    }

    Inventory inventory_;
};

class WsMan : public Provider {
public:
    explicit WsMan(const Approach& approach)
        : inventory_(approach.inventory),
          recording_(approach.recording),
          hosts_(wmi::reach(approach.inventory, approach.recording)) {}
    Result<std::unique_ptr<Reader>> reader(const Recall&) const override { return wmi::open_reader(hosts_); }
    Result<std::unique_ptr<Writer>> writer() const override { return wmi::open_writer(hosts_); }
    Result<std::unique_ptr<Mover>> mover() const override { return wmi::open_mover(hosts_); }
    Result<Probe> probe(const Host& host) const override { return wmi::probe(inventory_, host, recording_); }
    Result<std::unique_ptr<HostSights>> host_sights() const override { return wmi::open_sights(hosts_); }
    Result<std::unique_ptr<HostLogs>> host_logs() const override { return wmi::open_sights(hosts_); }
    Result<Probe> rehearse(const Host& host) const override { return wmi::rehearse_write(hosts_, host.name); }
    Result<FirstContact> first_contact(const Host& host) const override {
        return wmi::first_contact(inventory_, host, recording_);
    }

private:
    Inventory inventory_;
    SharedRecording recording_;
    std::shared_ptr<wmi::Hosts> hosts_;
};

// In place of a directory that cannot be reached.
class Unreached : public Reader {
public:
    explicit Unreached(Error why) : why_(std::move(why)) {}

    Snapshot read(std::span<const Address> addresses, const Progress&) override {
        Snapshot out;
        for (const Address& address : addresses) out.readings.insert_or_assign(address, Reading(tl::unexpected(why_)));
        return out;
    }

private:
    Error why_;
};

class Ldap : public Provider {
public:
    explicit Ldap(const Approach& approach)
        : controllers_(ldap::reach(approach.inventory, approach.pinned, approach.recording)) {}

    Result<std::unique_ptr<Reader>> reader(const Recall& recall) const override {
        std::optional<ldap::Recall> remembered;
        if (!recall.folder.empty()) remembered = ldap::Recall{recall.folder, recall.full, system_now};
        auto out = ldap::open_reader(controllers_, std::move(remembered));
        if (!out && recall.without_directory && out.error().code == Code::unreachable)
            return std::make_unique<Unreached>(out.error());
        return out;
    }
    Result<std::unique_ptr<Writer>> writer() const override { return ldap::open_writer(controllers_); }
    Result<std::unique_ptr<RightsReader>> rights() const override { return ldap::open_rights_reader(controllers_); }
    Result<std::unique_ptr<Replicas>> replicas() const override { return ldap::open_replicas(controllers_); }
    Result<std::unique_ptr<NameReader>> names() const override { return ldap::open_name_reader(controllers_); }
    Result<std::unique_ptr<HostFinder>> finder() const override { return ldap::open_finder(controllers_); }
    Result<DirectoryContact> directory_contact(const Host& host) const override {
        return ldap::first_contact(controllers_, host);
    }
    Result<std::unique_ptr<DirectorySights>> directory_sights() const override {
        return ldap::open_sights(controllers_);
    }

private:
    std::shared_ptr<ldap::Controllers> controllers_;
};

template <class P>
std::shared_ptr<const Provider> reach(const Approach& approach) {
    return std::make_shared<P>(approach);
}

bool embedded(const Inventory& inventory) { return !inventory.embedded.empty(); }
bool always(const Inventory&) { return true; }

constexpr std::array provider_table = {
    ProviderRow{Kind::host, embedded, reach<File>},
    ProviderRow{Kind::host, always, reach<WsMan>},
    ProviderRow{Kind::computer, embedded, reach<File>},
    ProviderRow{Kind::computer, always, reach<Ldap>},
};

}  // namespace

tl::unexpected<Error> Provider::lacks(const char* what) {
    return fail(Code::unsupported, fmt::format("what these objects are reached by has no {}", what));
}

const ProviderRow& provider_row(const Inventory& inventory, Kind kind) {
    return *std::find_if(provider_table.begin(), provider_table.end(),
                         [&](const ProviderRow& row) { return row.kind == kind && row.serves(inventory); });
}

Result<EventFile> read_events(std::string_view bytes) { return wmi::read_event_file(bytes); }

Result<void> post_to_webhook(const watch::Url& url, std::vector<std::pair<std::string, std::string>> headers,
                             std::string_view body) {
    return webhook::post({.host = url.host,
                          .port = url.port,
                          .tls = url.tls,
                          .target = url.target,
                          .headers = std::move(headers),
                          .body = body});
}

}  // namespace fairway::cli
