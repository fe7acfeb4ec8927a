// What do these addresses hold? Grouped by host, each class read once, each host for itself: one that fails
// fails its own addresses only. Nothing in here can act on a host: it has an Inquirer.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <vector>

#include "providers/wmi/codec.hpp"
#include "providers/wmi/hosts.hpp"
#include "providers/wmi/pool.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t most_threads = 16;

using Addresses = std::vector<Address>;

Error not_of_hosts(const Address& address) {
    return {Code::unsupported, fmt::format("{} is not a setting of hosts", address.setting->name)};
}

// The classes behind the addresses, each fetched when first needed.
class HostRead {
public:
    explicit HostRead(Channel& channel) : inquirer_(channel) {}

    Reading read(const Address& address) {
        const CodecRow* row = codec_row(*address.setting);
        if (row == nullptr) return tl::unexpected(not_of_hosts(address));
        const auto& instances = fetch(row->source);
        if (!instances) return tl::unexpected(instances.error());
        return decode(*row, *instances);
    }

private:
    const Result<Instances>& fetch(Source source) {
        const auto it = fetched_.find(source);
        if (it != fetched_.end()) return it->second;
        auto fresh = inquirer_.lost() ? Result<Instances>(tl::unexpected(*inquirer_.lost()))
                                      : inquirer_.enumerate(resource_of(source));
        if (!fresh) fresh.error().text = fmt::format("{}: {}", class_row(source).name, fresh.error().text);
        if (inquirer_.lost()) fresh = tl::unexpected(*inquirer_.lost());
        return fetched_.emplace(source, std::move(fresh)).first->second;
    }

    Inquirer inquirer_;
    std::map<Source, Result<Instances>> fetched_;
};

class HostReader : public Reader {
public:
    HostReader(const Inventory& inventory, OpenChannel open) : hosts_(inventory, std::move(open)) {}

    Snapshot read(std::span<const Address> addresses, const Progress& progress) override {
        std::map<std::string, Addresses> by_host;
        for (const Address& address : addresses) by_host[address.object].push_back(address);
        std::vector<const std::pair<const std::string, Addresses>*> work;
        for (const auto& entry : by_host) work.push_back(&entry);

        Snapshot out;
        std::mutex busy;
        std::size_t done = 0;
        each_in_parallel(work.size(), most_threads, [&](std::size_t i) {
            bool answered = false;
            Readings readings = read_host(work[i]->first, work[i]->second, answered);
            const std::lock_guard guard(busy);
            out.readings.merge(readings);
            if (answered) out.sources.push_back(work[i]->first);
            if (progress) progress(++done, work.size());
        });
        std::sort(out.sources.begin(), out.sources.end());
        return out;
    }

private:
    Readings read_host(const std::string& name, const Addresses& addresses, bool& answered) {
        Readings out;
        const auto all = [&](const Error& error) {
            for (const Address& address : addresses) out.emplace(address, tl::unexpected(named(name, error)));
            return out;
        };
        Session* session = hosts_.find(name);
        if (session == nullptr) return all({Code::not_found, "is not in the inventory"});
        const std::lock_guard guard(session->busy);
        const auto channel = hosts_.channel(*session);
        if (!channel) return all(channel.error());
        HostRead host(**channel);
        for (const Address& address : addresses) {
            Reading reading = host.read(address);
            if (reading) answered = true;
            else reading = tl::unexpected(named(name, reading.error()));
            out.emplace(address, std::move(reading));
        }
        return out;
    }

    Hosts hosts_;
};

}  // namespace

std::unique_ptr<Reader> make_reader(const Inventory& inventory, OpenChannel open) {
    return std::make_unique<HostReader>(inventory, std::move(open));
}

}  // namespace fairway::wmi
