// See vanished.hpp.
#include "engine/run/vanished.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/names/spn_index.hpp"
#include "engine/names/vanished.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/run/names.hpp"

namespace fairway {
namespace {

bool is_vanished_fact(const Address& address) { return address.setting == &setting::delegation_vanished; }

// What it is made of: the list, and the account's full name, for every host whose list is read is a computer that is
// there and need not be asked about.
std::vector<Address> to_read(std::span<const Address> addresses) {
    std::vector<Address> out;
    for (const Address& address : addresses) {
        if (!is_vanished_fact(address)) {
            out.push_back(address);
            continue;
        }
        out.push_back({address.object, &setting::delegation_services});
        out.push_back({address.object, &setting::account_dns_name});
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

// The accounts that were read, as far as that shows who they are.
std::vector<NameOwner> accounts_in(const Snapshot& snapshot, std::span<const Host> hosts) {
    std::vector<NameOwner> out;
    for (const Host& host : hosts) {
        const auto it = snapshot.readings.find({host.name, &setting::account_dns_name});
        if (it == snapshot.readings.end() || !it->second || !*it->second) continue;
        NameOwner owner;
        owner.account = account_of(host);
        owner.dns = std::get<std::string>(**it->second);
        out.push_back(std::move(owner));
    }
    return out;
}

}  // namespace

Snapshot VanishedReader::read(std::span<const Address> addresses, const Progress& progress) {
    std::vector<Address> asked;
    std::copy_if(addresses.begin(), addresses.end(), std::back_inserter(asked), is_vanished_fact);
    if (asked.empty()) return within_->read(addresses, progress);
    Snapshot out = within_->read(to_read(addresses), progress);
    fill(out, asked);
    return out;
}

void VanishedReader::fill(Snapshot& snapshot, std::span<const Address> asked) {
    RegisteredNames known;
    known.owners = accounts_in(snapshot, hosts_);
    for (const Address& address : asked) {
        const Reading& list = snapshot.at({address.object, &setting::delegation_services});
        // Where there is no list, there is nothing in it that could have vanished.
        const Set* services = list && *list ? as_set(**list) : nullptr;
        if (services) known.delegations[address.object] = *services;
        snapshot.readings.insert_or_assign(address, list ? Reading(Held(Set())) : tl::unexpected(list.error()));
    }
    known.delegations = vanished(known);
    if (known.delegations.empty()) return;
    const Result<RegisteredNames> names = ask(known);
    if (names && !names->source.empty()) snapshot.sources.push_back(names->source);
    const std::map<std::string, Set> gone = names ? vanished(*names) : known.delegations;
    const std::string doubt = names ? names->caveat : names.error().text;
    const Code code = names ? Code::unreachable : names.error().code;
    for (const auto& [host, services] : gone) {
        Reading reading{Held(services)};
        if (!doubt.empty())
            reading = fail(code, fmt::format("no account was found for {}, but {}",
                                             show(setting::delegation_services, Value(services)), doubt));
        snapshot.readings.insert_or_assign(Address{host, &setting::delegation_vanished}, std::move(reading));
    }
}

Result<RegisteredNames> VanishedReader::ask(const RegisteredNames& lists) {
    const Result<NameReader*> forest = forest_.names();
    if (!forest) return tl::unexpected(forest.error());
    // Their own accounts first: whoever does not see those, though they were read, does not see others either.
    NameQuestion own;
    for (const auto& [host, services] : lists.delegations) own.accounts.push_back(host + "$");
    Result<RegisteredNames> names = (*forest)->names(own);
    if (!names) return names;
    const NameIndex index(*names);
    for (const Host& host : hosts_) {
        if (!lists.delegations.contains(host.name)) continue;
        const NameOwner* account = index.account(host);
        if (account && !account->names.empty()) continue;
        return fail(Code::denied,
                    fmt::format("{} does not show {} with its service principal names either, though its list was "
                                "read: accounts are hidden from the caller, or it does not have them yet",
                                names->source, account_of(host)));
    }
    names->owners.insert(names->owners.end(), lists.owners.begin(), lists.owners.end());
    names->delegations = lists.delegations;
    if (auto asked = ask_further(**forest, *names); !asked) return tl::unexpected(asked.error());
    return names;
}

}  // namespace fairway
