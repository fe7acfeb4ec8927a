// See seen.hpp. Fact: LDAP-7.
#include "providers/ldap/controller/seen.hpp"

#include <algorithm>

namespace fairway::ldap {
namespace {

constexpr std::size_t most_kept = 32u << 20;
constexpr std::chrono::seconds a_moment{5};

// The values twice: as they came, and decoded.
std::size_t size_of(const Account& account) {
    std::size_t out = account.dn.size() + account.name.size() + sizeof account;
    for (const auto& [attribute, values] : account.values)
        for (const std::string& value : values) out += 2 * (value.size() + sizeof value);
    return out;
}

}  // namespace

void Seen::note(const std::string& object, std::span<const std::string> attributes, Known known) {
    forget(object);
    if (!keeps_ || !known.account || known.account->change.empty()) return;
    const std::size_t bytes = size_of(*known.account);
    if (bytes_ + bytes > most_kept) return;
    bytes_ += bytes;
    Kept kept{std::move(known), {attributes.begin(), attributes.end()}, bytes, Clock::now()};
    std::sort(kept.attributes.begin(), kept.attributes.end());
    kept_.emplace(object, std::move(kept));
}

bool Seen::find(const std::string& object, std::span<const std::string> attributes) const {
    const auto it = kept_.find(object);
    if (it == kept_.end()) return false;
    const std::vector<std::string>& has = it->second.attributes;
    return std::all_of(attributes.begin(), attributes.end(),
                       [&](const std::string& one) { return std::binary_search(has.begin(), has.end(), one); });
}

Seen::Known* Seen::unchanged(const std::string& object, const std::string& dn, const std::string& change) {
    const auto it = kept_.find(object);
    if (it == kept_.end()) return nullptr;
    const Account& account = *it->second.known.account;
    if (account.dn != dn || account.change != change) return forget(object), nullptr;
    it->second.when = Clock::now();
    return &it->second.known;
}

std::optional<Account> Seen::take(const std::string& object, std::span<const std::string> attributes) {
    if (!find(object, attributes)) return std::nullopt;
    Kept& kept = kept_.at(object);
    std::optional<Account> out;
    if (Clock::now() - kept.when <= a_moment) out = std::move(*kept.known.account);
    forget(object);
    return out;
}

void Seen::forget(const std::string& object) {
    const auto it = kept_.find(object);
    if (it == kept_.end()) return;
    bytes_ -= it->second.bytes;
    kept_.erase(it);
}

void Seen::forget_all() {
    kept_.clear();
    bytes_ = 0;
}

}  // namespace fairway::ldap
