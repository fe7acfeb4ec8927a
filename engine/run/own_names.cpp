// See own_names.hpp.
#include "engine/run/own_names.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "engine/model/account_facts.hpp"
#include "engine/names/own_names.hpp"
#include "engine/names/spn_index.hpp"
#include "engine/plan/identity.hpp"

namespace fairway {
namespace {

const std::array made_of = {&setting::account_dns_name, &setting::account_sid, &setting::account_flags};

bool is_name_fact(const Setting& row) {
    return &row == &setting::account_own_names || &row == &setting::account_uncontested_names;
}
bool is_made(const Address& address) {
    return is_name_fact(*address.setting) || address.setting == &setting::account_dns_suffixes;
}

std::string word_at(const Snapshot& snapshot, const Host& host, const Setting& fact) {
    const Reading& reading = snapshot.at({host.name, &fact});
    return reading && *reading ? std::get<std::string>(**reading) : std::string();
}

NameQuestion question_for(const std::vector<Host>& hosts) {
    NameQuestion out;
    for (const Host& host : hosts) {
        out.accounts.push_back(account_of(host));
        for (const std::string_view name : needed_of(host)) out.names.emplace_back(name);
        for (const std::string& name : {host.name, host.dns}) out.names.push_back(service_name(host_class, name));
    }
    return out;
}

}  // namespace

// The hosts whose names, and those whose domain's suffixes, are asked for.
struct OwnNamesReader::Asked {
    std::set<std::string> names, suffixes;
};

Snapshot OwnNamesReader::read(std::span<const Address> addresses, const Progress& progress) {
    Asked asked;
    std::vector<Address> rest;
    for (const Address& address : addresses) {
        if (!is_made(address)) rest.push_back(address);
        else (is_name_fact(*address.setting) ? asked.names : asked.suffixes).insert(address.object);
    }
    const bool values_too = !rest.empty();
    for (const std::string& host : asked.names)
        for (const Setting* fact : made_of) rest.push_back({host, fact});
    std::sort(rest.begin(), rest.end());
    rest.erase(std::unique(rest.begin(), rest.end()), rest.end());
    Snapshot out = read_within(std::move(rest), values_too, progress);
    fill(out, asked);
    return out;
}

Snapshot OwnNamesReader::read_within(std::vector<Address> addresses, bool anew, const Progress& progress) {
    Snapshot out;
    if (!anew)
        std::erase_if(addresses, [&](const Address& address) {
            const auto known = accounts_.find(address);
            if (known != accounts_.end()) out.readings.insert(*known);
            return known != accounts_.end();
        });
    if (addresses.empty()) return out;
    Snapshot read = within_->read(addresses, progress);
    for (const auto& [address, reading] : read.readings)
        if (std::find(made_of.begin(), made_of.end(), address.setting) != made_of.end())
            accounts_.insert_or_assign(address, reading);
    read.readings.merge(out.readings);
    return read;
}

Result<Set> OwnNamesReader::suffixes_of(const Host& host) {
    const auto known = suffixes_.find(host.account_domain);
    if (known != suffixes_.end()) return known->second;
    const Result<NameReader*> forest = forest_.names();
    const Result<Set> said =
        forest ? (*forest)->dns_suffixes(host.account_domain) : Result<Set>(tl::unexpected(forest.error()));
    if (said) suffixes_.emplace(host.account_domain, said);
    return said;
}

Result<std::string> OwnNamesReader::full_name_of(const Host& host, const Snapshot& snapshot) {
    for (const Setting* fact : made_of)
        if (const Reading& reading = snapshot.at({host.name, fact}); !reading) return tl::unexpected(reading.error());
    if (is_controller(snapshot, host) && !host.domain_controller)
        return fail(Code::refused, host.name + " is a domain controller");
    const std::string registered = word_at(snapshot, host, setting::account_dns_name);
    if (auto full = full_name(host, registered, nullptr); full || registered.empty() || host.dns_declared) return full;
    const auto suffixes = suffixes_of(host);
    return full_name(host, registered, suffixes ? &*suffixes : nullptr);
}

Result<RegisteredNames> OwnNamesReader::names_of(const std::vector<Host>& hosts) {
    const Result<NameReader*> forest = forest_.names();
    if (!forest) return tl::unexpected(forest.error());
    Result<RegisteredNames> names = (*forest)->names(question_for(hosts));
    if (names && !names->caveat.empty())
        return fail(Code::unreachable, "whether somebody else holds a name cannot be known, for " + names->caveat);
    return names;
}

void OwnNamesReader::fill(Snapshot& snapshot, const Asked& asked) {
    std::vector<Host> named;
    const auto answer = [&](const Host& host, const Result<OwnNames>& names) {
        const auto put = [&](const Setting& fact, Reading reading) {
            snapshot.readings.insert_or_assign(Address{host.name, &fact}, std::move(reading));
        };
        put(setting::account_own_names, names.map([](const OwnNames& all) { return Held(Value(all.own)); }));
        put(setting::account_uncontested_names,
            names.map([](const OwnNames& all) { return Held(Value(all.uncontested)); }));
    };
    for (Host host : hosts_) {
        if (asked.suffixes.contains(host.name))
            snapshot.readings.insert_or_assign(Address{host.name, &setting::account_dns_suffixes},
                                               suffixes_of(host).map([](Set all) { return Held(Value(all)); }));
        if (!asked.names.contains(host.name)) continue;
        const Result<std::string> full = full_name_of(host, snapshot);
        if (!full) {
            answer(host, tl::unexpected(full.error()));
            continue;
        }
        host.dns = *full;
        named.push_back(std::move(host));
    }
    if (named.empty()) return;
    const Result<RegisteredNames> names = names_of(named);
    if (names && !names->source.empty()) snapshot.sources.push_back(names->source);
    const RegisteredNames none;
    const NameIndex index(names ? *names : none);
    for (const Host& host : named)
        answer(host, names ? own_names(index, host, word_at(snapshot, host, setting::account_sid))
                           : Result<OwnNames>(tl::unexpected(names.error())));
}

}  // namespace fairway
