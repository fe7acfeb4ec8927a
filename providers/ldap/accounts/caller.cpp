// See caller.hpp.
#include "providers/ldap/accounts/caller.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/model/account_facts.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view groups_attribute = "tokenGroups";
constexpr std::uint32_t protected_users_rid = 525;  // MS-DTYP 2.4.2.4
constexpr std::size_t most_groups = 4096;           // Windows stops at 1,024

// The flags of the accounts that are among these in one domain: the caller's alone, since a group has none. One more is
// there where the caller bears an old account's SID (sIDHistory) and that account still exists.
Result<std::vector<std::uint32_t>> flags_among(Domain<ReadWire>& domain, const std::vector<Filter>& sids) {
    AccountSearch search{.base = domain.controller->root.default_context,
                         .filters = {},
                         .attributes = {std::string(flags_attribute)},
                         .few = true};
    for (const Filter& some : any_of_each(sids, accounts_per_search))
        search.filters.push_back(Filter::all_of({Filter::present(flags_attribute), some}));
    std::vector<std::uint32_t> out;
    const auto take = [&](const std::string&, const Result<Account>& account) {
        if (!account) return;
        if (const auto flags = parse_flags(account->first(flags_attribute))) out.push_back(*flags);
    };
    return domain.line
        ->repeatable([&](ReadWire& wire) {
            out.clear();
            return find_accounts(wire, search, take);
        })
        .map([&] { return out; });
}

Held word(std::string_view text) { return Held(Value(std::string(text))); }

Result<Held> ask(Domains<ReadWire>& domains, std::size_t home) {
    const auto groups = domains[home].line->repeatable([](ReadWire& wire) { return read_groups(wire); });
    if (!groups) return tl::unexpected(groups.error());
    if (groups->size() > most_groups)
        return fail(Code::protocol, fmt::format("the caller's token has more than {} groups", most_groups));
    std::vector<Filter> sids;
    for (const Sid& sid : *groups) {
        const auto rid = rid_of(sid);
        if (is_protected_users(sid)) return word(setting::protected_users);
        if (rid) sids.push_back(Filter::equal_bytes(sid_attribute, sid_bytes(sid)));
    }
    if (sids.empty()) return Held();
    std::vector<std::size_t> order = {home};
    for (std::size_t domain = 0; domain < domains.size(); ++domain)
        if (domain != home) order.push_back(domain);
    for (const std::size_t domain : order) {
        const auto flags = flags_among(domains[domain], sids);
        if (!flags) return tl::unexpected(flags.error());
        if (flags->empty()) continue;
        if (flags->size() > 1) return Held();
        return word((flags->front() & not_delegated) != 0 ? setting::not_delegated : "yes");
    }
    return Held();
}

}  // namespace

bool is_protected_users(const Sid& sid) { return rid_of(sid) == protected_users_rid; }

Result<std::vector<Sid>> read_groups(ReadWire& wire) { return read_groups(wire, ""); }

Result<std::vector<Sid>> read_groups(ReadWire& wire, const std::string& dn) {
    const Result<Entry> entry = read_object(wire, dn, {std::string(groups_attribute)});
    if (!entry) return tl::unexpected(entry.error());
    std::vector<Sid> out;
    if (const Attribute* groups = find(*entry, groups_attribute))
        for (const std::string& bytes : groups->values)
            if (Result<Sid> sid = parse_sid(bytes)) out.push_back(std::move(*sid));
    return out;
}

Result<Held> Callers::delegable(Domains<ReadWire>& domains, std::size_t home) {
    if (const auto it = known_.find(home); it != known_.end()) return it->second;
    Result<Held> told = ask(domains, home);
    if (told) known_.emplace(home, *told);
    return told;
}

}  // namespace fairway::ldap
