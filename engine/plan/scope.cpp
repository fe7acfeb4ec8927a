// See scope.hpp.
#include "engine/plan/scope.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/migration_settings.hpp"
#include "engine/paths/end.hpp"

namespace fairway {
namespace {

// What shows whose account it is, and what it is.
const std::array identity_facts = {&setting::account_sid, &setting::account_dns_name, &setting::account_flags};

// The migration domains in which some host is judged.
std::set<std::string_view> covered_domains(const Inventory& inventory) {
    std::set<std::string_view> out;
    for (const Host& host : inventory.hosts)
        if (host.not_covered.empty() && !host.domain.empty()) out.insert(host.domain);
    return out;
}

bool wants_of_account(const Desired& desired, const Host& host) {
    return std::any_of(catalogue().begin(), catalogue().end(), [&](const Setting* row) {
        return row_of(row->kind).in_directory && desired.contains({host.name, row});
    });
}

bool wants_credssp(const std::vector<Want>& wants) {
    return std::any_of(wants.begin(), wants.end(),
                       [](const Want& want) { return want.operand == Value(std::string(setting::credssp)); });
}

}  // namespace

std::vector<Address> scope(const Desired& desired, const Inventory& inventory) {
    std::map<std::string_view, std::vector<const Setting*>> asked;  // by object
    for (const auto& [address, wants] : desired) {
        auto& of_it = asked[address.object];
        of_it.push_back(address.setting);
        if (address.setting->disturbs != Disturbs::never) of_it.push_back(&setting::host_running_migrations);
        if (address.setting == &setting::migration_authentication && wants_credssp(wants))
            of_it.push_back(&setting::host_credential_guard);  // what paths are then is asked before
        // A domain controller's account is known by its flags: see plan/risk.
        if (row_of(address.kind()).in_directory) of_it.push_back(&setting::account_flags);
        if (address.setting->of_cluster) of_it.push_back(&setting::host_cluster);
        if (std::any_of(wants.begin(), wants.end(),
                        [](const Want& want) { return want.comparator == Comparator::vanished; }))
            of_it.push_back(&setting::delegation_vanished);
        for (const Want& want : wants)
            for (const auto& premise : want.premises)
                asked[premise->address.object].push_back(premise->address.setting);
    }
    const std::set<std::string_view> covered = covered_domains(inventory);
    for (const Host& host : inventory.hosts) {
        if (!host.not_covered.empty()) {
            // Its peers are given delegation to it by what its account says; the host itself is not asked.
            if (!covered.contains(host.domain)) continue;
            auto& of_it = asked[host.name];
            of_it.insert(of_it.end(), identity_facts.begin(), identity_facts.end());
            continue;
        }
        auto& of_it = asked[host.name];
        if (host.found) of_it.push_back(&setting::migration_enabled);  // is it a Hyper-V host at all?
        if (!host.domain.empty()) {
            of_it.insert(of_it.end(), path_settings().begin(), path_settings().end());
            of_it.push_back(&setting::account_sid);
        } else if (wants_of_account(desired, host)) {
            of_it.insert(of_it.end(), identity_facts.begin(), identity_facts.end());
        }
    }
    std::vector<Address> out;
    for (auto& [object, settings] : asked) {
        std::sort(settings.begin(), settings.end(),
                  [](const Setting* a, const Setting* b) { return a->name < b->name; });
        settings.erase(std::unique(settings.begin(), settings.end()), settings.end());
        for (const Setting* setting : settings) out.push_back({std::string(object), setting});
    }
    return out;
}

}  // namespace fairway
