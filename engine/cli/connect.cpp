// See connect.hpp.
#include "engine/cli/connect.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/cli/config.hpp"
#include "engine/run/own_names.hpp"
#include "engine/run/vanished.hpp"
#include "providers/ldap/ldap.hpp"
#include "providers/memory/memory.hpp"
#include "providers/wmi/wmi.hpp"

namespace fairway::cli {
namespace {

// Hosts from one reader, computers from the other; asked one after the other, answered as one snapshot.
class BothReaders : public Reader {
public:
    BothReaders(std::unique_ptr<Reader> hosts, std::unique_ptr<Reader> computers)
        : hosts_(std::move(hosts)), computers_(std::move(computers)) {}

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        std::vector<Address> of_hosts, of_computers;
        for (const Address& address : addresses)
            (address.kind() == Kind::host ? of_hosts : of_computers).push_back(address);
        Snapshot out;
        if (!of_hosts.empty()) out = hosts_->read(of_hosts, progress);
        if (of_computers.empty()) return out;
        Snapshot more = computers_->read(of_computers, of_hosts.empty() ? progress : Progress{});
        out.readings.merge(more.readings);
        out.sources.insert(out.sources.end(), more.sources.begin(), more.sources.end());
        return out;
    }

private:
    std::unique_ptr<Reader> hosts_, computers_;
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

// Hosts cannot say rights in advance; what they would say to a write, only a write shows.
class DirectoryRightsOnly : public RightsReader {
public:
    explicit DirectoryRightsOnly(std::unique_ptr<RightsReader> computers) : computers_(std::move(computers)) {}

    Rights may_write(std::span<const Address> addresses, const Progress& progress) override {
        Rights out;
        std::vector<Address> of_computers;
        for (const Address& address : addresses)
            if (address.kind() == Kind::computer) of_computers.push_back(address);
            else out.emplace(address, Right{May::unknown, "hosts cannot say it in advance; `fairway probe HOST` tries"});
        if (!of_computers.empty()) out.merge(computers_->may_write(of_computers, progress));
        return out;
    }

private:
    std::unique_ptr<RightsReader> computers_;
};

class BothWriters : public Writer {
public:
    BothWriters(std::unique_ptr<Writer> hosts, std::unique_ptr<Writer> computers)
        : hosts_(std::move(hosts)), computers_(std::move(computers)) {}

    Result<void> write(const Address& address, const Value& before, const Value& after) override {
        return (address.kind() == Kind::host ? hosts_ : computers_)->write(address, before, after);
    }
    std::vector<Replica> replicas() const override { return computers_->replicas(); }

private:
    std::unique_ptr<Writer> hosts_, computers_;
};

// One port of both live providers, as one.
template <class Port, class Both>
Result<std::unique_ptr<Port>> both(std::unique_ptr<Port> hosts, Result<std::unique_ptr<Port>> computers) {
    if (!computers) return computers;
    return std::make_unique<Both>(std::move(hosts), std::move(*computers));
}

}  // namespace

Connections::Connections(const Inventory& inventory, const SharedRecording& recording, std::vector<Replica> pinned)
    : inventory_(inventory),
      hosts_(inventory.embedded.empty() ? wmi::reach(inventory, recording) : nullptr),
      controllers_(inventory.embedded.empty() ? ldap::reach(inventory, std::move(pinned), recording) : nullptr) {}

Result<std::unique_ptr<Reader>> Connections::reader(const Recall& recall) const {
    auto values = value_reader(recall);
    if (!values) return values;
    const OpenNames open = [same = *this] { return same.names(); };
    auto with_names = std::make_unique<OwnNamesReader>(std::move(*values), inventory_.hosts, open);
    return std::make_unique<VanishedReader>(std::move(with_names), inventory_.hosts, open);
}

Result<std::unique_ptr<Reader>> Connections::value_reader(const Recall& recall) const {
    if (!hosts_) return memory::open_reader(inventory_);
    std::optional<ldap::Recall> remembered;
    if (!recall.folder.empty()) remembered = ldap::Recall{recall.folder, recall.full, system_now};
    auto computers = ldap::open_reader(controllers_, std::move(remembered));
    if (!computers && recall.without_directory && computers.error().code == Code::unreachable)
        computers = std::make_unique<Unreached>(computers.error());
    return both<Reader, BothReaders>(wmi::open_reader(hosts_), std::move(computers));
}

Result<std::unique_ptr<RightsReader>> Connections::rights() const {
    if (!hosts_) return memory::open_rights_reader(inventory_);
    auto computers = ldap::open_rights_reader(controllers_);
    if (!computers) return computers;
    return std::make_unique<DirectoryRightsOnly>(std::move(*computers));
}

Result<std::unique_ptr<Writer>> Connections::writer() const {
    if (!hosts_) return memory::open_writer(inventory_);
    return both<Writer, BothWriters>(wmi::open_writer(hosts_), ldap::open_writer(controllers_));
}

Result<std::unique_ptr<Mover>> Connections::mover() const {
    if (!hosts_) return memory::open_mover(inventory_);
    return wmi::open_mover(hosts_);
}

Result<std::unique_ptr<Replicas>> Connections::replicas() const {
    if (!hosts_) return memory::open_replicas(inventory_);
    return ldap::open_replicas(controllers_);
}

Result<std::unique_ptr<NameReader>> Connections::names() const {
    if (!hosts_) return memory::open_name_reader(inventory_);
    return ldap::open_name_reader(controllers_);
}

Result<std::unique_ptr<HostFinder>> connect_to_find(const Inventory& inventory, const SharedRecording& recording) {
    return inventory.embedded.empty() ? ldap::open_finder(ldap::reach(inventory, {}, recording))
                                      : memory::open_finder(inventory);
}

std::string estate_lock(const Inventory& inventory) {
    if (!inventory.embedded.empty()) return inventory.embedded + ".run-lock";
    return fmt::format("{}/fairway-{}.lock", lock_folder(), inventory.directories.front().domain);
}

}  // namespace fairway::cli
