// See recollection.hpp.
#include "providers/ldap/recall/recollection.hpp"

#include <set>

namespace fairway::ldap {

std::optional<std::vector<std::string>> absorb(Recollection& known, std::span<const AccountChange> changes) {
    std::set<std::string> touched;
    std::unordered_map<std::string, const AccountChange*> by_guid;
    for (const AccountChange& change : changes) by_guid[change.guid] = &change;
    // First what no longer bears its name: the name may have gone to another account since.
    for (auto& [name, account] : known.accounts) {
        if (account.guid.empty()) continue;
        const auto it = by_guid.find(account.guid);
        if (it == by_guid.end() || (!it->second->deleted && it->second->name == name)) continue;
        account = {};
        touched.insert(name);
    }
    for (const AccountChange& change : changes) {
        if (change.deleted) continue;
        const auto it = known.accounts.find(change.name);
        if (it == known.accounts.end()) continue;  // nobody asked for it
        Recollection::Known& account = it->second;
        if (!account.guid.empty() && account.guid != change.guid) return std::nullopt;
        touched.insert(change.name);
        if (change.values) account = {change.guid, *change.values};
        else known.accounts.erase(it);
    }
    return std::vector<std::string>(touched.begin(), touched.end());
}

}  // namespace fairway::ldap
