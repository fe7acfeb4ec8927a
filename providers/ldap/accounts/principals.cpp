// See principals.hpp.
#include "providers/ldap/accounts/principals.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"

namespace fairway::ldap {
namespace {

// The name stands in plans and terminals, and must not be taken for a SID or for one of another domain.
bool can_stand_for(std::string_view name) {
    constexpr std::size_t longest = 256;
    return !name.empty() && name.size() <= longest && text::is_clean_utf8(name) &&
           name.find_first_of("@\t\r\n") == name.npos && text::trim(name) == name && !parse_sid_text(name);
}

Result<Sid> sid_of(const Result<Account>& account) {
    if (!account) return tl::unexpected(account.error());
    const auto values = account->of(sid_attribute);
    if (values.size() != 1)
        return fail(Code::protocol, fmt::format("`{}` shows no objectSid", text::printable(account->dn)));
    return parse_sid(values[0]);
}

using AskedNames = std::map<std::string, std::string>;  // account names without case, as they were given

Result<void> find_named(const Searchable& where, std::size_t domain, const AskedNames& asked,
                        std::map<std::string, Sid>& out) {
    AccountSearch search;
    search.attributes = {std::string(sid_attribute)};
    std::vector<Filter> parts;
    for (const auto& [name, given] : asked) parts.push_back(Filter::equal(account_attribute, name));
    search.filters = any_of_each(parts, accounts_per_search);
    std::optional<Error> wrong;
    const auto take = [&](const std::string& name, const Result<Account>& account) {
        const auto it = asked.find(text::fold(name));
        if (it == asked.end()) return;
        const Result<Sid> sid = sid_of(account);
        if (!sid) wrong = sid.error();
        else if (const auto [had, fresh] = out.emplace(it->second, *sid); !fresh && had->second != *sid)
            wrong = Error{Code::bad_input,
                          fmt::format("two accounts are named {}: delete the wrong one first", it->second)};
    };
    if (auto found = where.search(domain, search, take); !found) return found;
    if (wrong) return tl::unexpected(*wrong);
    return {};
}

}  // namespace

Result<void> Principals::look_up(const Searchable& where, std::size_t domain, const std::set<Sid>& sids) {
    AccountSearch search;
    search.attributes = {std::string(sid_attribute)};
    std::vector<Filter> parts;
    for (const Sid& sid : sids) parts.push_back(Filter::equal_bytes(sid_attribute, sid_bytes(sid)));
    search.filters = any_of_each(parts, accounts_per_search);
    const auto take = [&](const std::string& name, const Result<Account>& account) {
        const Result<Sid> sid = sid_of(account);
        // A foreign principal's entry has a SID and no name.
        if (!sid || !sids.contains(*sid) || !can_stand_for(name)) return;
        known_[*sid].name = name;
        known_[*sid].domain = domain;
    };
    if (auto found = where.search(domain, search, take); !found) return found;
    for (const Sid& sid : sids) known_[sid].asked.insert(domain);
    return {};
}

Result<std::map<Sid, std::string>> Principals::names(const Searchable& where, std::size_t home,
                                                     const std::set<Sid>& sids) {
    std::vector<std::size_t> order = {home};
    for (std::size_t domain = 0; domain < where.domains.size(); ++domain)
        if (domain != home) order.push_back(domain);
    for (const std::size_t domain : order) {
        std::set<Sid> unknown;
        for (const Sid& sid : sids)
            if (const Known& known = known_[sid]; known.name.empty() && !known.asked.contains(domain))
                unknown.insert(sid);
        if (unknown.empty()) continue;
        if (auto looked = look_up(where, domain, unknown); !looked) return tl::unexpected(looked.error());
    }
    std::map<Sid, std::string> out;
    for (const Sid& sid : sids) {
        const Known& known = known_[sid];
        if (known.name.empty()) out[sid] = show_sid(sid);
        else out[sid] = known.domain == home ? known.name : known.name + "@" + where.domains[known.domain];
    }
    return out;
}

Result<std::map<std::string, Sid>> sids_of(const Searchable& where, std::size_t home, const Set& names) {
    std::map<std::string, Sid> out;
    std::vector<AskedNames> asked(where.domains.size());
    for (const std::string_view name : names) {
        if (const Result<Sid> sid = parse_sid_text(name)) {
            out.emplace(name, *sid);
            continue;
        }
        const auto at = name.find('@');
        const std::string_view domain = at == name.npos ? std::string_view(where.domains[home]) : name.substr(at + 1);
        const auto place = std::find(where.domains.begin(), where.domains.end(), domain);
        if (place == where.domains.end())
            return fail(Code::bad_input,
                        fmt::format("`{}`: the inventory names no directory of the domain {}", name, domain));
        asked[static_cast<std::size_t>(place - where.domains.begin())].emplace(text::fold(name.substr(0, at)), name);
    }
    for (std::size_t domain = 0; domain < where.domains.size(); ++domain)
        if (!asked[domain].empty())
            if (auto found = find_named(where, domain, asked[domain], out); !found)
                return tl::unexpected(found.error());
    return out;
}

}  // namespace fairway::ldap
