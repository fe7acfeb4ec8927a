// See handles.hpp.
#include "providers/ldap/handles.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/asked.hpp"
#include "providers/ldap/codec.hpp"

namespace fairway::ldap {
namespace {

template <class W>
std::size_t sum_of_requests(const std::vector<Domain<W>>& domains) {
    std::size_t sum = 0;
    for (const Domain<W>& domain : domains) sum += domain.line.requests();
    return sum;
}

}  // namespace

Territory territory(const Inventory& inventory) {
    Territory out;
    if (inventory.directories.size() < 2) return out;
    for (const Host& host : inventory.hosts)
        for (std::size_t i = 0; i < inventory.directories.size(); ++i)
            if (inventory.directories[i].domain == host.account_domain) out.emplace(host.name, i);
    return out;
}

std::size_t domain_of(const Territory& where, const std::string& object) {
    const auto it = where.find(object);
    return it == where.end() ? 0 : it->second;
}

Result<void> DirectoryReader::read_domain(Domain<ReadWire>& domain, const Asked& asked, Readings& out,
                                          const std::function<bool(std::size_t)>& go_on) {
    std::vector<std::string> hosts;
    for (const auto& [host, addresses] : asked) hosts.push_back(host);
    std::set<std::string_view> answered;
    const auto still = [&] { return go_on(answered.size()); };
    if (recall_) return recall(domain, asked, *recall_, out, still);
    const auto take = [&](const std::string& host, const Result<Account>& account) {
        const auto& [object, addresses] = *asked.find(host);
        answered.insert(object);
        for (const Address& address : addresses) out.insert_or_assign(address, reading(account, address));
    };
    const std::vector<std::string> attributes = attributes_of(settings_of(asked));
    return domain.line.repeatable([&](ReadWire& wire) {
        return read_accounts(wire, domain.controller->root.default_context, hosts, attributes, take, still);
    });
}

Snapshot DirectoryReader::read(std::span<const Address> addresses, const Progress& progress) {
    Snapshot snapshot;
    std::vector<Asked> asked(domains_.size());
    std::set<std::string> objects;
    for (const Address& address : addresses) {
        if (find_row(address.setting)) {
            asked[domain_of(where_, address.object)][address.object].push_back(address);
            objects.insert(address.object);
        } else {
            snapshot.readings.emplace(address, fail(Code::unsupported, fmt::format("{} is not a thing of the directory",
                                                                                   address.setting->name)));
        }
    }
    std::size_t before = 0;
    bool stopped = false;
    for (std::size_t i = 0; i < domains_.size(); ++i) {
        snapshot.sources.push_back(domains_[i].controller->root.dns_name);
        if (asked[i].empty()) continue;
        const auto go_on = [&](std::size_t done) { return !progress || progress(before + done, objects.size()); };
        const Result<void> read = stopped ? fail(Code::refused, "not asked: stopped on request")
                                          : read_domain(domains_[i], asked[i], snapshot.readings, go_on);
        before += asked[i].size();
        if (read) continue;
        // What came before the end counts for nothing: a second account of the same name might have come after it.
        stopped = stopped || read.error().code == Code::refused;
        for (const auto& [object, its] : asked[i])
            for (const Address& address : its) snapshot.readings.insert_or_assign(address, about(object, read.error()));
    }
    return snapshot;
}

std::size_t DirectoryReader::requests() const { return sum_of_requests(domains_); }
std::size_t DirectoryWriter::requests() const { return sum_of_requests(domains_); }

std::vector<Replica> DirectoryWriter::replicas() const {
    std::vector<Replica> out;
    for (const auto& [controller, line] : domains_) out.push_back(replica_of(*controller));
    return out;
}

Result<void> DirectoryWriter::write(const Address& address, const Value& before, const Value& after) {
    const Row* row = find_row(address.setting);
    if (!row) return fail(Code::unsupported, fmt::format("{} is not a thing of the directory", address.setting->name));
    auto& [controller, line] = domains_[domain_of(where_, address.object)];
    const std::vector<std::string> attributes = {std::string(row->attribute)};
    const Result<Account> account = line.repeatable([&, &known = *controller](Wire& wire) {
        return read_account(wire, known.root.default_context, address.object, attributes);
    });
    if (!account) return about(address.object, account.error());

    const auto modifications = encode(*row, before, after, account->of(row->attribute));
    if (!modifications) return about(address.object, modifications.error());
    if (modifications->empty()) return {};
    // Never repeated: whether a request whose answer was lost took effect, only a new read can tell.
    const Result<Wire*> wire = line.get();
    if (!wire) return about(address.object, wire.error());
    log::debug(fmt::format("ldap: {}: modify {}", account_name(address.object), row->attribute));
    if (auto written = (*wire)->modify(account->dn, *modifications); !written)
        return about(address.object, written.error());
    return {};
}

}  // namespace fairway::ldap
