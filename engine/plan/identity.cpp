// See identity.hpp.
#include "engine/plan/identity.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/model/object_readings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/comparators.hpp"

namespace fairway {
namespace {

bool is_own_in(const Host& host, std::string_view full, std::string_view suffix) {
    return full.size() == host.name.size() + 1 + suffix.size() && full[host.name.size()] == '.' &&
           text::same_folded(full.substr(0, host.name.size()), host.name) &&
           text::same_folded(full.substr(host.name.size() + 1), suffix);
}

bool is_controller(const ObjectReadings& read) {
    const Set* flags = read.value<Set>(setting::account_flags);
    return flags && (flags->contains("server_trust_account") || flags->contains("partial_secrets_account"));
}

std::string_view registered_name(const ObjectReadings& read) {
    const auto* name = read.value<std::string>(setting::account_dns_name);
    return name ? std::string_view(*name) : std::string_view();
}

bool agrees(const Host& host, std::string_view registered) {
    return text::same_folded(registered, host.dns) &&
           (host.dns_declared || is_own_in(host, registered, host.account_domain));
}

// Names that a rule gives to the host's account.
Set given_to(const Host& host, const Desired& desired) {
    Set out;
    const auto it = desired.find({host.name, &setting::spn_migration});
    if (it == desired.end()) return out;
    for (const Want& want : it->second)
        if (demands(want) && want.exception.empty() && !want.doubt) out = unite(Key::whole, out, *as_set(want.operand));
    return out;
}

// What the rules would take from the names that the host's account holds.
Set taken_from(const Host& host, const Desired& desired, const ObjectReadings& read) {
    const Set* held = read.value<Set>(setting::spn_migration);
    const auto it = desired.find({host.name, &setting::spn_migration});
    if (!held || it == desired.end()) return {};
    Set left = *held;
    for (const Want& want : it->second) {
        if (want.comparator == Comparator::includes || !want.exception.empty() || want.doubt) continue;
        if (satisfied(setting::spn_migration, want, *held)) continue;
        if (const auto value = remedy(setting::spn_migration, want, *held))
            left = intersect(Key::whole, left, *as_set(*value));
    }
    return subtract(Key::whole, *held, left);
}

// Names of the host that somebody else holds, or that nobody does and nobody is to get.
std::optional<Doubts::Of> names_in_doubt(const Host& host, const Desired& desired, const ObjectReadings& read) {
    const Reading* own = read.find(setting::account_own_names);
    const Reading* uncontested = read.find(setting::account_uncontested_names);
    if (!own || !uncontested) return std::nullopt;
    for (const Reading* reading : {own, uncontested})
        if (!*reading || !**reading)
            return Doubts::Of{*reading ? Error{Code::not_found, "no account is seen"} : reading->error(),
                              needed_of(host)};
    const Set needed = needed_of(host), taken_away = taken_from(host, desired, read);
    Set fine = *as_set(***own);
    if (taken_away.empty() && covers(Key::whole, fine, needed)) return std::nullopt;
    const Set free = *as_set(***uncontested);
    // A controller that was written to a moment ago knows more than the catalogue.
    Set coming = given_to(host, desired);
    if (const Set* held = read.value<Set>(setting::spn_migration)) coming = unite(Key::whole, coming, *held);
    fine = unite(Key::whole, fine, intersect(Key::whole, free, coming));
    fine = subtract(Key::whole, fine, taken_away);
    const Set bad = subtract(Key::whole, needed, fine);
    if (bad.empty()) return std::nullopt;
    const Set taken = subtract(Key::whole, bad, free);
    const std::string of = host.name + "$";
    if (const Set ours = intersect(Key::whole, bad, taken_away); !ours.empty())
        return Doubts::Of{{Code::refused, fmt::format("a rule takes {} from {}, so nobody is given delegation to it",
                                                      show(setting::spn_migration, Value(ours)), of)},
                          bad};
    const std::string what = taken.empty() ? fmt::format("nobody in the forest holds {}, and no rule gives it to {}",
                                                         show(setting::account_own_names, Value(bad)), of)
                                           : fmt::format("the directory does not give {} to {} alone",
                                                         show(setting::account_own_names, Value(taken)), of);
    return Doubts::Of{
        {Code::refused, fmt::format("{}, so it is written nowhere; `fairway spn {}` shows who holds it and "
                                    "what to do",
                                    what, host.name)},
        bad};
}

std::optional<Doubts::Of> account_in_doubt(const Host& host, const ObjectReadings& read) {
    if (is_controller(read) && !host.domain_controller)
        return Doubts::Of{
            {Code::refused, fmt::format("{} is a domain controller, so nothing that concerns it is written: "
                                        "who may act as anybody towards it owns the domain; if it is a "
                                        "Hyper-V host that is meant to take part, list it in the "
                                        "inventory with `domain_controller: true`",
                                        host.name)},
            needed_of(host),
            true};
    if (const Reading* sid = read.find(setting::account_sid); sid && !*sid)
        return Doubts::Of{{sid->error().code,
                           fmt::format("who the account {}$ is cannot be known: {}", host.name, sid->error().text)},
                          needed_of(host),
                          true,
                          true};
    if (!host.found) return std::nullopt;
    if (!host.not_covered.empty())
        return Doubts::Of{{Code::refused, fmt::format("{} was found by a search, and it was not asked whether it is a "
                                                      "Hyper-V host ({}), so it gets nothing new",
                                                      host.name, host.not_covered)},
                          needed_of(host),
                          true,
                          true};
    const Reading* enabled = read.find(setting::migration_enabled);
    if (!enabled || *enabled) return std::nullopt;
    return Doubts::Of{
        {enabled->error().code,
         fmt::format("{} was found by a search and was not seen to be a Hyper-V host, so it gets and gives "
                     "nothing new ({}); if it is one, list it by name",
                     host.name, enabled->error().text)},
        needed_of(host),
        true,
        true};
}

std::optional<Doubts::Of> full_name_in_doubt(const Host& host, const ObjectReadings& read) {
    const Reading* registered = read.find(setting::account_dns_name);
    if (!registered || !*registered) return std::nullopt;  // an unreadable account is reported where it is read
    const auto name = full_name(host, registered_name(read), read.value<Set>(setting::account_dns_suffixes));
    if (name) return std::nullopt;
    return Doubts::Of{name.error(), needed_of(host)};
}

}  // namespace

Result<std::string> full_name(const Host& host, std::string_view registered, const Set* suffixes) {
    const std::string of = host.name + "$";
    if (registered.empty())
        return fail(Code::refused, fmt::format("the directory registers no full name (dNSHostName) for {}: was the "
                                               "computer ever joined? Its names cannot be confirmed",
                                               of));
    if (agrees(host, registered)) return text::fold(registered);
    if (!host.dns_declared && suffixes)
        for (const std::string_view suffix : *suffixes)
            if (is_own_in(host, registered, suffix)) return text::fold(registered);
    const std::string shown = text::printable(registered);
    const std::string_view suffix = registered.substr(std::min(registered.size(), host.name.size() + 1));
    const bool suffix_helps = !host.dns_declared && !suffix.empty() && is_own_in(host, registered, suffix);
    return fail(
        Code::refused,
        fmt::format("the directory knows {} as {}, the inventory as {}: if {} is right, write `dns: {}` for {} in "
                    "the inventory{}; if not, correct dNSHostName of the account",
                    of, shown, host.dns, shown, shown, host.name,
                    suffix_helps ? " (or allow its suffix by msDS-AllowedDNSSuffixes of the domain)" : ""));
}

bool is_controller(const Snapshot& snapshot, const Host& host) {
    return is_controller(ObjectReadings(snapshot, host.name));
}

Set needed_of(const Host& host) { return names_of({ServiceClass::cifs, ServiceClass::migration}, host); }

std::vector<Address> suffix_questions(const Inventory& inventory, const Snapshot& snapshot) {
    std::vector<Address> out;
    for (const Host& host : inventory.hosts) {
        const ObjectReadings read(snapshot, host.name);
        const std::string_view registered = registered_name(read);
        if (!registered.empty() && !host.dns_declared && !agrees(host, registered))
            out.push_back({host.name, &setting::account_dns_suffixes});
    }
    return out;
}

Inventory with_full_names(Inventory inventory, const Snapshot& snapshot) {
    for (Host& host : inventory.hosts) {
        const ObjectReadings read(snapshot, host.name);
        const Set* suffixes = read.value<Set>(setting::account_dns_suffixes);
        if (!suffixes) continue;
        if (auto name = full_name(host, registered_name(read), suffixes)) host.dns = std::move(*name);
    }
    return inventory;
}

Inventory without_strangers(Inventory inventory, const Snapshot& snapshot) {
    std::set<std::string> strangers;
    for (const Host& host : inventory.hosts) {
        const Reading* enabled = ObjectReadings(snapshot, host.name).find(setting::migration_enabled);
        const bool none = enabled && (*enabled ? !**enabled : enabled->error().code == Code::not_found);
        if (host.found && none) strangers.insert(host.name);
    }
    if (strangers.empty()) return inventory;
    for (const std::string& host : strangers)
        inventory.estate_findings.push_back(
            {.fault = EstateFault::no_hyperv,
             .object = host,
             .dn = {},
             .condition = {},
             .because = "a search found it, and it is no Hyper-V host: it gets and gives nothing; leave it out by the "
                        "search's filter, or list it by name if it is one"});
    std::erase_if(inventory.hosts, [&](const Host& host) { return strangers.contains(host.name); });
    for (MigrationDomain& domain : inventory.domains)
        std::erase_if(domain.hosts, [&](const std::string& host) { return strangers.contains(host); });
    std::erase_if(inventory.domains, [](const MigrationDomain& domain) { return domain.hosts.empty(); });
    return inventory;
}

std::vector<Address> name_questions(const std::vector<Finding>& findings, const Inventory& inventory) {
    std::unordered_map<std::string_view, const Host*> by_name;
    std::unordered_map<std::string_view, std::vector<std::pair<Set, const Host*>>> unnamed;  // by migration domain
    std::set<std::string_view> named;
    for (const Host& host : inventory.hosts) {
        by_name.emplace(host.name, &host);
        if (!host.domain.empty()) unnamed[host.domain].emplace_back(needed_of(host), &host);
    }
    for (const Finding& finding : findings) {
        if (finding.verdict != Verdict::drifted) continue;
        const Setting& row = *finding.address.setting;
        if (&row == &setting::spn_migration) named.insert(finding.address.object);
        const auto host = by_name.find(finding.address.object);
        if (&row != &setting::delegation_services || host == by_name.end()) continue;
        const auto peers = unnamed.find(host->second->domain);
        if (peers == unnamed.end() || peers->second.empty()) continue;
        const Set fresh = subtract(row.key, *as_set(*finding.remedy), *as_set(*finding.held));
        std::erase_if(peers->second, [&](const auto& peer) {
            const bool names_it = !intersect(row.key, peer.first, fresh).empty();
            if (names_it) named.insert(peer.second->name);
            return names_it;
        });
    }
    std::vector<Address> out;
    for (const std::string_view host : named)
        for (const Setting* fact : {&setting::account_own_names, &setting::account_uncontested_names})
            out.push_back({std::string(host), fact});
    return out;
}

Doubts doubts(const Inventory& inventory, const Desired& desired, const Snapshot& snapshot) {
    Doubts out;
    for (const Host& host : inventory.hosts) {
        const ObjectReadings read(snapshot, host.name);
        auto doubt = account_in_doubt(host, read);
        if (!doubt) doubt = full_name_in_doubt(host, read);
        if (!doubt) doubt = names_in_doubt(host, desired, read);
        if (doubt) out.hosts.emplace(host.name, std::move(*doubt));
    }
    return out;
}

}  // namespace fairway
