// See whose.hpp. Flags: MS-ADTS 2.2.16; every domain controller's account has one of the two.
#include "engine/names/whose.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/name_form.hpp"
#include "engine/model/run.hpp"

namespace fairway {
namespace {

// A host's short name, and its full one where that is the account's name in the account's domain.
bool is_sure(const Host& host) { return host.dns == text::fold(host.name) + "." + host.account_domain; }

bool is_list_of_names(const Setting& setting) {
    return setting.elements == ElementForm::services || setting.elements == ElementForm::own_names;
}

At at_of(const Host& host, const Snapshot& snapshot) {
    const auto it = snapshot.readings.find({host.name, &setting::account_flags});
    if (it == snapshot.readings.end() || !it->second || !*it->second) return At::unknown;
    const Set& flags = *as_set(**it->second);
    const bool controller = flags.contains("server_trust_account") || flags.contains("partial_secrets_account");
    return controller ? At::controller : At::member;
}

Whose relation(const Host& of, const Host& own) {
    if (&of == &own) return Whose::own;
    return !own.domain.empty() && of.domain == own.domain ? Whose::peer : Whose::host;
}

Whose worse(Whose a, Whose b) { return std::max(a, b); }

}  // namespace

NameQuestion unsure_names(const Plan& plan, const Inventory& inventory, const Snapshot& snapshot) {
    std::unordered_set<std::string> sure;
    for (const Host& host : inventory.hosts) {
        if (at_of(host, snapshot) == At::unknown) continue;
        sure.insert(text::fold(host.name));
        if (is_sure(host)) sure.insert(host.dns);
    }
    std::set<std::string> names, accounts;
    for (const Change* change : numbered(plan)) {
        if (!is_list_of_names(*change->address.setting)) continue;
        for (const std::string_view name : added(*change)) {
            const std::string host = text::fold(parts_of(name).host);
            if (sure.contains(host)) continue;
            names.insert(text::fold(name));
            if (host.empty()) continue;
            names.insert(text::fold(service_name(host_class, host)));
            accounts.insert(account_named(host));
        }
    }
    return {.names = {names.begin(), names.end()}, .accounts = {accounts.begin(), accounts.end()}, .classes = {}};
}

Ownership::Ownership(const Plan& plan, const Inventory& inventory, const Snapshot& snapshot,
                     const Result<RegisteredNames>& names) {
    if (names) index_.emplace(*names);
    doubt_ = names ? names->caveat : names.error().text;
    for (const Host& one : inventory.hosts) {
        hosts_.emplace(one.name, &one);
        if (is_sure(one)) hosts_.emplace(one.dns, &one);
        accounts_.emplace(account_of(one), &one);
        at_.emplace(&one, at_of(one, snapshot));
    }
    for (const Change* change : numbered(plan)) {
        if (change->address.setting->elements != ElementForm::own_names) continue;
        if (const Host* of = host(change->address.object))
            for (const std::string_view name : added(*change))
                if (text::same_folded(parts_of(name).host, of->dns)) promised_.emplace(name, of);
    }
}

const Host* Ownership::host(std::string_view object) const {
    const auto it = hosts_.find(object);
    return it == hosts_.end() ? nullptr : it->second;
}

Whose Ownership::standing(const Host& of, const Host& own) const {
    if (at(of) == At::controller) return Whose::controller;
    return at(of) == At::unknown ? Whose::unknown : relation(of, own);
}

Whose Ownership::service(std::string_view name, const Host& own) const {
    const auto sure = hosts_.find(parts_of(name).host);
    if (sure != hosts_.end() && at(*sure->second) != At::unknown) return standing(*sure->second, own);
    return index_ ? by_owner(name, own) : Whose::unknown;
}

// Everybody who may be meant counts: who holds the name or the one that serves it, and who is called so. A domain
// controller that is merely called so counts as well; another computer must hold the name.
Whose Ownership::by_owner(std::string_view name, const Host& own) const {
    const NameParts parts = parts_of(name);
    Owners owners = index_->holders(name);
    if (const std::string through = index_->served_by(parts.service_class, parts.host);
        owners.empty() && !through.empty())
        owners = index_->holders(through);
    if (owners.size() > 1) return Whose::several;
    Whose out = Whose::unasked;
    for (const NameOwner* owner : owners) {
        const auto it = accounts_.find(owner->account);
        // Another domain may have an account of the same name.
        const bool theirs = it != accounts_.end() && index_->account(*it->second) == owner;
        out = worse(out, theirs ? relation(*it->second, own) : Whose::stranger);
    }
    for (const NameOwner* called : index_->computers(parts.host)) owners.push_back(called);
    for (const NameOwner* owner : owners)
        if (owner->controller != false) out = worse(out, owner->controller ? Whose::controller : Whose::unknown);
    if (out != Whose::unasked) return out;
    const auto promised = promised_.find(name);
    return promised == promised_.end() ? Whose::nobody : standing(*promised->second, own);
}

// A domain controller that is admitted gains nothing, so it is not distinguished.
Whose Ownership::account(std::string_view account, const Host& own) const {
    const auto at = account.find('@');
    const auto it = accounts_.find(account.substr(0, at));
    if (it == accounts_.end()) return Whose::stranger;
    const bool named = text::same_folded(account, account_of(*it->second, own.account_domain));
    return named ? relation(*it->second, own) : Whose::stranger;
}

}  // namespace fairway
