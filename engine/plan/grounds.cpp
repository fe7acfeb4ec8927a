// See grounds.hpp.
#include "engine/plan/grounds.hpp"

#include <algorithm>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/service_names.hpp"
#include "engine/plan/premises.hpp"

namespace fairway {
namespace {

// What the snapshot has there; null: nothing was read there, or nothing is there.
const Value* read_at(const Snapshot& snapshot, const std::string& object, const Setting& setting) {
    const auto it = snapshot.readings.find({object, &setting});
    return it == snapshot.readings.end() || !it->second || !*it->second ? nullptr : &**it->second;
}

Premises::Shared shared(Premise premise) { return std::make_shared<const Premise>(std::move(premise)); }

// The names that the host's account has alone must stay its own; those that it is about to be given, nobody's.
std::vector<Premises::Shared> of_names(const Host& host, const Snapshot& snapshot) {
    const Value* own = read_at(snapshot, host.name, setting::account_own_names);
    const Value* uncontested = read_at(snapshot, host.name, setting::account_uncontested_names);
    std::vector<Premises::Shared> out;
    if (!own || !uncontested) return out;
    if (!as_set(*own)->empty()) out.push_back(shared(premise(host.name, setting::account_own_names, *own)));
    if (*own == *uncontested) return out;
    const Set about = intersect(Key::whole, subtract(Key::whole, *as_set(*uncontested), *as_set(*own)),
                                names_of({ServiceClass::migration}, host));
    if (!about.empty()) out.push_back(shared(premise(host.name, setting::account_uncontested_names, Value(about))));
    return out;
}

Set added(const Change& change) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    return before && after ? subtract(change.address.setting->key, *after, *before) : Set();
}

}  // namespace

Premises::Shared Grounds::account_of(const Host& host, const Snapshot& snapshot) const {
    const Value* sid = read_at(snapshot, host.name, setting::account_sid);
    return sid ? shared(premise(host.name, setting::account_sid, *sid)) : nullptr;
}

Grounds::Grounds(const Inventory& inventory, const Snapshot& snapshot) {
    hosts_.reserve(inventory.hosts.size());
    for (const Host& host : inventory.hosts) {
        const Value* uncontested = read_at(snapshot, host.name, setting::account_uncontested_names);
        Of one{hosts_.size(), host.domain, account_of(host, snapshot), of_names(host, snapshot),
               uncontested ? *as_set(*uncontested) : Set()};
        const Of& of = hosts_.emplace(host.name, std::move(one)).first->second;
        if (host.domain.empty()) continue;
        for (const std::string_view name : names_of({ServiceClass::cifs, ServiceClass::migration}, host))
            services_[host.domain].push_back({std::string(name), &of});
        for (const std::string& domain : {host.account_domain, std::string()})
            accounts_[host.domain].push_back({fairway::account_of(host, domain), &of});
    }
    for (auto* all : {&services_, &accounts_})
        for (auto& [domain, names] : *all)
            std::sort(names.begin(), names.end(),
                      [](const Name& a, const Name& b) { return text::compare_folded(a.text, b.text) < 0; });
}

void Grounds::lay(Change& change) const {
    const Setting& row = *change.address.setting;
    if (disturbs(row, change.after))
        change.premises.add(premise(change.address.object, setting::host_running_migrations, Value(std::int64_t{0})));
    if (row.kind != Kind::computer) return;
    const auto it = hosts_.find(change.address.object);
    if (it == hosts_.end()) return;
    const Of& own = it->second;
    if (own.account) change.premises.add(own.account);
    if (own.domain.empty()) return;
    if (&row == &setting::delegation_services) lay_named(change, services_.at(own.domain));
    if (&row == &setting::delegation_allowed_principals) lay_named(change, accounts_.at(own.domain));
    if (&row != &setting::spn_migration) return;
    if (const Set names = intersect(row.key, added(change), own.uncontested); !names.empty())
        change.premises.add(premise(change.address.object, setting::account_uncontested_names, Value(names)));
}

// One walk over two sorted lists, instead of a search for each name.
void Grounds::lay_named(Change& change, const std::vector<Name>& names) const {
    std::vector<const Of*> named;
    const Set fresh = added(change);
    auto it = fresh.begin();
    for (const Name& name : names) {
        int order = 1;
        while (it != fresh.end() && (order = text::compare_folded(*it, name.text)) < 0) ++it;
        if (it == fresh.end()) break;
        if (order == 0) named.push_back(name.of);
    }
    const auto before = [](const Of* a, const Of* b) { return a->number < b->number; };
    if (!std::is_sorted(named.begin(), named.end(), before)) std::sort(named.begin(), named.end(), before);
    named.erase(std::unique(named.begin(), named.end()), named.end());
    const bool services = change.address.setting == &setting::delegation_services;
    for (const Of* of : named) {
        if (of->account) change.premises.append(of->account);
        if (services)
            for (const auto& one : of->names) change.premises.append(one);
    }
}

}  // namespace fairway
