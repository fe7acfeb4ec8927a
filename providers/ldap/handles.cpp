// See handles.hpp.
#include "providers/ldap/handles.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/codec.hpp"

namespace fairway::ldap {
namespace {

// What is asked of each object, in the order of the objects' names.
using Asked = std::map<std::string, std::vector<Address>>;

tl::unexpected<Error> about(const std::string& object, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", account_name(object), error.text));
}

Asked sort_out(std::span<const Address> addresses, Readings& readings) {
    Asked asked;
    for (const Address& address : addresses) {
        if (find_row(address.setting)) asked[address.object].push_back(address);
        else
            readings.emplace(address, fail(Code::unsupported,
                                           fmt::format("{} is not a thing of the directory", address.setting->name)));
    }
    return asked;
}

std::vector<std::string> attributes_of(const Asked& asked) {
    std::set<std::string> names;
    for (const auto& [object, addresses] : asked)
        for (const Address& address : addresses) names.emplace(find_row(address.setting)->attribute);
    return {names.begin(), names.end()};
}

std::size_t domain_of(const Territory& where, const std::string& object) {
    const auto it = where.find(object);
    return it == where.end() ? 0 : it->second;
}

template <class W>
std::size_t sum_of_requests(const std::vector<Domain<W>>& domains) {
    std::size_t sum = 0;
    for (const Domain<W>& domain : domains) sum += domain.line.requests();
    return sum;
}

Reading reading(const Result<Account>& account, const Address& address) {
    if (!account) return about(address.object, account.error());
    const Row& row = *find_row(address.setting);
    Result<Held> held = decode(row, account->of(row.attribute));
    if (!held) return about(address.object, held.error());
    return held;
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

Snapshot DirectoryReader::read(std::span<const Address> addresses, const Progress& progress) {
    Snapshot snapshot;
    std::vector<Asked> asked(domains_.size());
    std::size_t of = 0;
    for (auto& [object, its] : sort_out(addresses, snapshot.readings)) {
        asked[domain_of(where_, object)].emplace(object, std::move(its));
        ++of;
    }
    std::size_t before = 0;
    bool stopped = false;
    for (std::size_t i = 0; i < domains_.size(); ++i) {
        const Asked& of_domain = asked[i];
        std::vector<std::string> hosts;
        for (const auto& [host, unused] : of_domain) hosts.push_back(host);
        std::set<std::string_view> answered;
        const auto take = [&](const std::string& host, const Result<Account>& account) {
            answered.insert(of_domain.find(host)->first);
            for (const Address& address : of_domain.at(host))
                snapshot.readings.insert_or_assign(address, reading(account, address));
        };
        const auto go_on = [&] { return !progress || progress(before + answered.size(), of); };
        Result<void> read = stopped ? fail(Code::refused, "not asked: stopped on request")
                                    : domains_[i].line.repeatable([&](ReadWire& wire) {
                                          return read_accounts(wire, domains_[i].controller->root.default_context,
                                                               hosts, attributes_of(of_domain), take, go_on);
                                      });
        if (!read) {
            // What came before the end counts for nothing: a second account of the same name might have come after it.
            stopped = stopped || read.error().code == Code::refused;
            for (const std::string& host : hosts) take(host, tl::unexpected(read.error()));
        }
        before += hosts.size();
        snapshot.sources.push_back(domains_[i].controller->root.dns_name);
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
