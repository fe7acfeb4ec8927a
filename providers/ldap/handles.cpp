// See handles.hpp.
#include "providers/ldap/handles.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/accounts/asked.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/identity/admission.hpp"

namespace fairway::ldap {
namespace {

bool names_principals(const Address& address) {
    const Row* row = find_row(address.setting);
    return row && row->form == Form::acting;
}

// A controller keeps the attribute and does not act on it: nothing would show it but a ticket that is not given.
void warn_of_level(const Root& root) {
    if (root.server_level.value_or(level_2012) < level_2012)
        log::warn(
            fmt::format("ldap: {} has the functional level {}; domain controllers before Windows Server 2012 ({}) do "
                        "not act on resource-based delegation",
                        root.dns_name, *root.server_level, level_2012));
}

// Searches by the handle's own connections; holds on to the handle, so it is made for one question.
template <class W>
Searchable searchable(Domains<W>& domains) {
    Searchable out;
    for (const Domain<W>& domain : domains) out.domains.push_back(domain.controller->domain);
    out.search = [&domains](std::size_t domain, AccountSearch search, const AccountSink& sink) {
        search.base = domains[domain].controller->root.default_context;
        return domains[domain].line->repeatable([&](W& wire) { return find_accounts(wire, search, sink); });
    };
    return out;
}

std::set<Sid> sids_in(const Set& texts) {
    std::set<Sid> out;
    for (const std::string_view text : texts)
        if (const Result<Sid> sid = parse_sid_text(text)) out.insert(*sid);
    return out;
}

}  // namespace

Result<void> DirectoryReader::read_domain(Domain<ReadWire>& domain, const Asked& asked, Readings& out,
                                          const GoOn& go_on) {
    std::set<std::string_view> answered;
    const auto still = [&] { return go_on(answered.size()); };
    if (recall_) return recall(domain, asked, *recall_, out, still);
    const auto take = [&](const std::string& host, const Result<Account>& account) {
        const auto& [object, addresses] = *asked.find(host);
        answered.insert(object);
        for (const Address& address : addresses) out.insert_or_assign(address, reading(account, address));
    };
    const std::vector<std::string> attributes = attributes_of(settings_of(asked));
    return domain.line->repeatable([&](ReadWire& wire) {
        return read_accounts(wire, domain.controller->root.default_context, objects_of(asked), attributes, take, still);
    });
}

// Of all hosts at once: what was read are SIDs, and what is judged are names.
void DirectoryReader::show_names(Snapshot& snapshot) {
    std::vector<std::set<Sid>> sids(domains_.size());
    for (const auto& [address, reading] : snapshot.readings)
        if (names_principals(address) && reading)
            sids[domains_.place_of(address.object)].merge(sids_in(*as_set(**reading)));
    for (std::size_t home = 0; home < domains_.size(); ++home)
        if (!sids[home].empty() && warned_.insert(home).second) warn_of_level(domains_[home].controller->root);
    std::vector<Result<std::map<Sid, std::string>>> names;
    for (std::size_t home = 0; home < domains_.size(); ++home)
        names.push_back(principals_.names(searchable(domains_), home, sids[home]));
    for (auto& [address, reading] : snapshot.readings) {
        if (!names_principals(address) || !reading) continue;
        const auto& known = names[domains_.place_of(address.object)];
        if (!known) {
            reading = about(address.object, known.error());
            continue;
        }
        std::vector<std::string> shown;
        for (const Sid& sid : sids_in(*as_set(**reading))) shown.push_back(known->at(sid));
        reading = Held(Set(shown));
    }
}

// A domain that was lost is not dialled for this again.
Reading DirectoryReader::about_caller(std::size_t domain, const std::map<std::size_t, Error>& lost) {
    if (const auto it = lost.find(domain); it != lost.end()) return tl::unexpected(it->second);
    return callers_.delegable(domains_, domain);
}

Snapshot DirectoryReader::read(std::span<const Address> addresses, const Progress& progress) {
    Snapshot snapshot;
    for (const auto& [controller, line] : domains_) snapshot.sources.push_back(controller->root.dns_name);
    for (const Address& address : addresses)
        if (!find_row(address.setting) && !address.setting->of_caller)
            snapshot.readings.emplace(address, fail(Code::unsupported, fmt::format("{} is not a thing of the directory",
                                                                                   address.setting->name)));
    const auto ask = [&](Domain<ReadWire>& domain, const Asked& asked, const GoOn& go_on) {
        return read_domain(domain, asked, snapshot.readings, go_on);
    };
    std::map<std::size_t, Error> lost;  // by the domain
    ask_each(domains_, addresses, progress, ask, [&](const Address& address, const Error& error) {
        lost.emplace(domains_.place_of(address.object), error);
        snapshot.readings.insert_or_assign(address, about(address.object, error));
    });
    for (const Address& address : addresses)
        if (address.setting->of_caller)
            snapshot.readings.insert_or_assign(address, about_caller(domains_.place_of(address.object), lost));
    show_names(snapshot);
    return snapshot;
}

std::vector<Replica> DirectoryWriter::replicas() const {
    std::vector<Replica> out;
    for (const auto& [controller, line] : domains_) out.push_back(replica_of(*controller));
    return out;
}

Result<std::vector<Modification>> DirectoryWriter::encode_names(const Address& address, const Set& before,
                                                                const Set& after,
                                                                std::span<const std::string> current) {
    const Set go = subtract(Key::whole, before, after), come = subtract(Key::whole, after, before);
    const auto sids = sids_of(searchable(domains_), domains_.place_of(address.object), unite(Key::whole, go, come));
    if (!sids) return tl::unexpected(sids.error());
    std::vector<Principal> leaving, entering;
    for (const std::string_view name : go) {
        const auto it = sids->find(std::string(name));
        if (it == sids->end())
            return fail(Code::stale, fmt::format("there is no account {} any more, so it is in {} under its SID; "
                                                 "nothing was written",
                                                 name, address.setting->name));
        leaving.push_back({std::string(name), it->second});
    }
    for (const std::string_view name : come) {
        const auto it = sids->find(std::string(name));
        if (it == sids->end())
            return fail(Code::not_found, fmt::format("there is no account {}, or it is hidden from us", name));
        entering.push_back({std::string(name), it->second});
    }
    return encode_admission(find_row(address.setting)->attribute, leaving, entering, current);
}

Result<void> DirectoryWriter::write(const Address& address, const Value& before, const Value& after) {
    const Row* row = find_row(address.setting);
    if (!row) return fail(Code::unsupported, fmt::format("{} is not a thing of the directory", address.setting->name));
    auto& [controller, line] = domains_.of(address.object);
    const std::vector<std::string> attributes = {std::string(row->attribute)};
    const Result<Account> account = line->repeatable([&, &known = *controller](Wire& wire) {
        return read_account(wire, known.root.default_context, address.object, attributes);
    });
    if (!account) return about(address.object, account.error());

    const auto current = account->of(row->attribute);
    const auto *from = as_set(before), *to = as_set(after);
    const auto modifications = row->form == Form::acting && from && to ? encode_names(address, *from, *to, current)
                                                                       : encode(*row, before, after, current);
    if (!modifications) return about(address.object, modifications.error());
    if (modifications->empty()) return {};
    // Never repeated: whether a request whose answer was lost took effect, only a new read can show.
    const Result<Wire*> wire = line->get();
    if (!wire) return about(address.object, wire.error());
    log::debug(fmt::format("ldap: {}: modify {}", account_name(address.object), row->attribute));
    if (auto written = (*wire)->modify(account->dn, *modifications); !written)
        return about(address.object, written.error());
    return {};
}

}  // namespace fairway::ldap
