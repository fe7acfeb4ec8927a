// See grounds.hpp.
#include "engine/plan/grounds.hpp"

#include <algorithm>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/host_facts.hpp"
#include "engine/model/object_readings.hpp"
#include "engine/names/service_names.hpp"
#include "engine/plan/premises.hpp"

namespace fairway {
namespace {

Premises::Shared shared(Premise premise) { return std::make_shared<const Premise>(std::move(premise)); }

// The names that the host's account has alone must stay its own; those that it is about to be given, nobody's.
std::vector<Premises::Shared> of_names(const Host& host, const ObjectReadings& read) {
    const Set* own = read.value<Set>(setting::account_own_names);
    const Set* uncontested = read.value<Set>(setting::account_uncontested_names);
    std::vector<Premises::Shared> out;
    if (!own || !uncontested) return out;
    if (!own->empty()) out.push_back(shared(premise(host.name, setting::account_own_names, *own)));
    if (*own == *uncontested) return out;
    const Set about =
        intersect(Key::whole, subtract(Key::whole, *uncontested, *own), names_of({ServiceClass::migration}, host));
    if (!about.empty()) out.push_back(shared(premise(host.name, setting::account_uncontested_names, Value(about))));
    return out;
}

}  // namespace

Grounds::Grounds(const Inventory& inventory, const Snapshot& snapshot) {
    hosts_.reserve(inventory.hosts.size());
    for (const Host& host : inventory.hosts) {
        const ObjectReadings read(snapshot, host.name);
        const auto* sid = read.value<std::string>(setting::account_sid);
        const Set* uncontested = read.value<Set>(setting::account_uncontested_names);
        auto& members = members_[host.domain];
        Of one{.host = &host,
               .place = members.size(),
               .account = sid ? shared(premise(host.name, setting::account_sid, *sid)) : nullptr,
               .names = of_names(host, read),
               .uncontested = uncontested ? *uncontested : Set()};
        members.push_back(&hosts_.emplace(host.name, std::move(one)).first->second);
    }
}

void Grounds::lay(Change& change) {
    const Setting& row = *change.address.setting;
    if (disturbs(row, change.after))
        change.premises.add(premise(change.address.object, setting::host_running_migrations, Value(std::int64_t{0})));
    if (!row_of(row.kind).in_directory) return;
    const auto it = hosts_.find(change.address.object);
    if (it == hosts_.end()) return;
    const Of& own = it->second;
    if (own.account) change.premises.add(own.account);
    const std::string_view domain = own.host->domain;
    if (domain.empty()) return;
    if (row.elements == ElementForm::services) lay_named(change, domain, names_in(services_, domain, row));
    if (row.elements == ElementForm::accounts) lay_named(change, domain, names_in(accounts_, domain, row));
    if (row.elements != ElementForm::own_names) return;
    if (const Set names = intersect(row.key, added(change), own.uncontested); !names.empty())
        change.premises.add(premise(change.address.object, setting::account_uncontested_names, Value(names)));
}

const std::vector<Grounds::Name>& Grounds::names_in(Names& all, std::string_view domain, const Setting& row) const {
    const auto [it, fresh] = all.try_emplace(domain);
    std::vector<Name>& out = it->second;
    if (!fresh) return out;
    for (const Of* of : members_.at(domain)) {
        const Host& host = *of->host;
        if (row.elements == ElementForm::services)
            for (const ServiceClass service : {ServiceClass::cifs, ServiceClass::migration})
                for (std::string& name : both_names(service, host)) out.push_back({std::move(name), of->place});
        else
            for (const std::string& from : {host.account_domain, std::string()})
                out.push_back({account_of(host, from), of->place});
    }
    std::sort(out.begin(), out.end(),
              [](const Name& a, const Name& b) { return text::compare_folded(a.text, b.text) < 0; });
    return out;
}

void Grounds::lay_named(Change& change, std::string_view domain, const std::vector<Name>& names) const {
    const std::vector<const Of*>& members = members_.at(domain);
    std::vector<bool> named(members.size());
    const Set fresh = added(change);
    Abreast walk(Key::whole, fresh);
    for (const Name& name : names)
        if (walk.meets(name.text)) named[name.place] = true;
    const bool services = change.address.setting->elements == ElementForm::services;
    for (const Of* of : members) {
        if (!named[of->place]) continue;
        if (of->account) change.premises.append(of->account);
        if (services)
            for (const auto& one : of->names) change.premises.append(one);
    }
}

}  // namespace fairway
