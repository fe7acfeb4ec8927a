// See handles.hpp.
#include "providers/ldap/handles.hpp"

#include <fmt/format.h>
#include <algorithm>
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

std::vector<std::string> attributes_of(const Asked& asked, std::span<const std::string> hosts) {
    std::set<std::string> names;
    for (const std::string& host : hosts)
        for (const Address& address : asked.at(host)) names.emplace(find_row(address.setting)->attribute);
    return {names.begin(), names.end()};
}

Reading reading(const Result<Account>& account, const Address& address) {
    if (!account) return about(address.object, account.error());
    const Row& row = *find_row(address.setting);
    Result<Held> held = decode(row, account->of(row.attribute));
    if (!held) return about(address.object, held.error());
    return held;
}

}  // namespace

Snapshot DirectoryReader::read(std::span<const Address> addresses, const Progress& progress) {
    Snapshot snapshot;
    const Asked asked = sort_out(addresses, snapshot.readings);
    std::vector<std::string> hosts;
    for (const auto& [host, unused] : asked) hosts.push_back(host);
    std::optional<Error> dead;  // once the server is gone, the rest is not waited for
    for (std::size_t done = 0; done < hosts.size();) {
        const auto batch = std::span(hosts).subspan(done, std::min(accounts_per_search, hosts.size() - done));
        Result<Accounts> accounts =
            dead ? Result<Accounts>(tl::unexpected(*dead)) : line_.repeatable([&](ReadWire& wire) {
                return read_accounts(wire, root_.default_context, batch, attributes_of(asked, batch));
            });
        if (!accounts && line_.down()) dead = accounts.error();
        for (const std::string& host : batch) {
            const Result<Account> account = accounts ? std::move(accounts->at(host)) : tl::unexpected(accounts.error());
            for (const Address& address : asked.at(host))
                snapshot.readings.insert_or_assign(address, reading(account, address));
        }
        done += batch.size();
        if (progress && !progress(done, hosts.size())) dead = Error{Code::refused, "not asked: stopped on request"};
    }
    snapshot.sources.push_back(root_.dns_name);
    return snapshot;
}

Result<void> DirectoryWriter::write(const Address& address, const Value& before, const Value& after) {
    const Row* row = find_row(address.setting);
    if (!row) return fail(Code::unsupported, fmt::format("{} is not a thing of the directory", address.setting->name));
    const std::vector<std::string> hosts = {address.object};
    const std::vector<std::string> attributes = {std::string(row->attribute)};
    const Result<Accounts> accounts =
        line_.repeatable([&](Wire& wire) { return read_accounts(wire, root_.default_context, hosts, attributes); });
    if (!accounts) return about(address.object, accounts.error());
    const Result<Account>& account = accounts->at(address.object);
    if (!account) return about(address.object, account.error());

    const auto modifications = encode(*row, before, after, account->of(row->attribute));
    if (!modifications) return about(address.object, modifications.error());
    if (modifications->empty()) return {};
    // Never repeated: whether a request whose answer was lost took effect, only a new read can tell.
    const Result<Wire*> wire = line_.get();
    if (!wire) return about(address.object, wire.error());
    log::debug(fmt::format("ldap: {}: modify {}", account_name(address.object), row->attribute));
    if (auto written = (*wire)->modify(account->dn, *modifications); !written)
        return about(address.object, written.error());
    return {};
}

Result<void> check_root(const Root& root, const Directory& directory) {
    if (!text::same_folded(root.default_context, naming_context(directory.domain)))
        return fail(
            Code::bad_input,
            fmt::format("{} is a domain controller of {}, and the inventory's domain is {} ({}); delegation "
                        "lists are only on controllers of the accounts' own domain",
                        root.dns_name, root.default_context, directory.domain, naming_context(directory.domain)));
    if (!root.synchronized)
        return fail(Code::unreachable, fmt::format("{} says that it is not synchronized yet (isSynchronized is "
                                                   "FALSE), so what it holds may be old",
                                                   root.dns_name));
    return {};
}

Result<void> check_heuristics(std::string_view heuristics) {
    if (!modifies_permissively(heuristics)) return {};
    return fail(Code::refused,
                "this forest makes every modify permissive (character 5 of dSHeuristics, fLDAPUsePermMod, is set), so "
                "a change by somebody else in the same moment would be overwritten unnoticed; set that character to 0 "
                "on CN=Directory Service,CN=Windows NT,CN=Services of the configuration, then try again");
}

}  // namespace fairway::ldap
