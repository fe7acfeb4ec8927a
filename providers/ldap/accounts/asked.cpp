// See asked.hpp.
#include "providers/ldap/accounts/asked.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "providers/ldap/accounts/codec.hpp"

namespace fairway::ldap {

std::vector<std::string> objects_of(const Asked& asked) {
    std::vector<std::string> out;
    for (const auto& [object, addresses] : asked) out.push_back(object);
    return out;
}

std::vector<const Setting*> settings_of(const Asked& asked) {
    std::map<std::string_view, const Setting*> out;
    for (const auto& [object, addresses] : asked)
        for (const Address& address : addresses) out.emplace(address.setting->name, address.setting);
    std::vector<const Setting*> settings;
    for (const auto& [name, setting] : out) settings.push_back(setting);
    return settings;
}

std::vector<std::string> attributes_of(std::span<const Setting* const> settings) {
    std::set<std::string> names;
    for (const Setting* setting : settings) names.emplace(find_row(setting)->attribute);
    return {names.begin(), names.end()};
}

tl::unexpected<Error> about(const std::string& object, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", account_name(object), error.text));
}

Reading reading(const Result<Account>& account, const Address& address) {
    if (!account) return about(address.object, account.error());
    const Row& row = *find_row(address.setting);
    Result<Held> held = decode(row, account->of(row.attribute));
    if (!held) return about(address.object, held.error());
    return held;
}

}  // namespace fairway::ldap
