// See spn_index.hpp. All keys are folded: names compare without case.
#include "engine/names/spn_index.hpp"

#include <cstdint>

#include "engine/base/text.hpp"
#include "engine/model/name_form.hpp"

namespace fairway {

std::string service_name(std::string_view service_class, std::string_view host) {
    return std::string(service_class) + "/" + std::string(host);
}

std::string account_of(const Host& host) { return host.name + "$"; }

std::string account_named(std::string_view host) {
    constexpr std::size_t longest = 15;  // without the dollar sign
    return std::string(host.substr(0, std::min(host.find('.'), longest))) + "$";
}

// FNV-1a
std::size_t FoldedHash::operator()(std::string_view key) const {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : key) hash = (hash ^ static_cast<unsigned char>(text::fold(c))) * 0x100000001b3u;
    return static_cast<std::size_t>(hash);
}

bool FoldedEqual::operator()(std::string_view a, std::string_view b) const { return text::same_folded(a, b); }

NameIndex::NameIndex(const RegisteredNames& names) : names_(names) {
    for (const NameOwner& owner : names.owners) take(owner);
    for (const NameAlias& alias : names.aliases)
        for (const std::string& one : alias.classes) aliases_[text::fold(one)] = alias.of;
}

void NameIndex::take(const NameOwner& owner) {
    const bool computer = owner.account.ends_with('$');
    accounts_[text::fold(owner.account)].push_back(&owner);
    if (!owner.dns.empty()) {
        computers_[owner.dns].insert(&owner);
        // The account's own name is cut after 15 characters; the first label of the full name is not.
        computers_[owner.dns.substr(0, owner.dns.find('.'))].insert(&owner);
    }
    if (computer) computers_[owner.account.substr(0, owner.account.size() - 1)].insert(&owner);
    std::set<std::string> seen;
    for (const std::string& name : owner.names) {
        std::string key = text::fold(name);
        if (seen.insert(key).second) holders_[std::move(key)].push_back(&owner);
        // An additional name of a computer (msDS-AdditionalDnsHostName) is not in the global catalogue, but the HOST
        // name that a domain controller registers with it is.
        const NameParts parts = parts_of(name);
        if (computer && text::same_folded(parts.service_class, host_class))
            computers_[std::string(parts.host)].insert(&owner);
    }
}

Owners NameIndex::holders(std::string_view name) const {
    const auto it = holders_.find(text::fold(name));
    return it == holders_.end() ? Owners() : it->second;
}

std::string NameIndex::served_by(std::string_view service_class, std::string_view host) const {
    const auto it = aliases_.find(text::fold(service_class));
    if (it == aliases_.end()) return {};
    return service_name(text::same_folded(it->second, host_class) ? host_class : std::string_view(it->second), host);
}

std::set<const NameOwner*> NameIndex::computers(std::string_view host) const {
    if (const auto it = computers_.find(host); it != computers_.end()) return it->second;
    // An account that has no full name yet may be the one.
    std::set<const NameOwner*> out;
    if (const auto it = computers_.find(host.substr(0, host.find('.'))); it != computers_.end())
        for (const NameOwner* owner : it->second)
            if (owner->dns.empty()) out.insert(owner);
    return out;
}

bool NameIndex::has_somebody_for(std::string_view service) const {
    const NameParts parts = parts_of(service);
    // By far the most lists name computers, so that is looked for first.
    if (computers_.contains(parts.host) || holders_.contains(text::fold(service))) return true;
    const std::string through = served_by(parts.service_class, parts.host);
    return (!through.empty() && holders_.contains(text::fold(through))) || !computers(parts.host).empty();
}

const NameOwner* NameIndex::account(const Host& host) const {
    const auto it = accounts_.find(text::fold(account_of(host)));
    if (it == accounts_.end()) return nullptr;
    for (const NameOwner* owner : it->second)
        if (text::same_folded(owner->dns, host.dns)) return owner;
    return it->second.size() == 1 ? it->second.front() : nullptr;
}

}  // namespace fairway
