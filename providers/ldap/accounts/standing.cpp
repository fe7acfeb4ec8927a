// See standing.hpp. Facts: LDAP-40 to LDAP-42.
#include "providers/ldap/accounts/standing.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/accounts/caller.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view upn_attribute = "userPrincipalName", expiry_attribute = "accountExpires",
                           state_attribute = "msDS-User-Account-Control-Computed";
constexpr std::uint32_t locked_out = 0x10, password_is_expired = 0x800000;  // of the last one
constexpr std::size_t most_called = 512;

// As a person wrote it.
struct Called {
    std::string domain;  // before a backslash; or empty
    std::string name;
    std::string suffix;  // behind an @; or empty
};

Called parts_of(const std::string& called) {
    Called out{{}, called, {}};
    if (const auto slash = called.find('\\'); slash != called.npos)
        out = {called.substr(0, slash), called.substr(slash + 1), {}};
    if (const auto at = out.name.rfind('@'); out.domain.empty() && at != out.name.npos) {
        out.suffix = out.name.substr(at + 1);
        out.name.resize(at);
    }
    return out;
}

// A domain's short name stands in the forest's list of its parts (MS-ADTS 6.1.1.2.1.1).
Result<bool> is_called(ReadWire& wire, const Root& root, const std::string& short_name) {
    const Search search{
        "CN=Partitions," + root.configuration_context,
        Scope::subtree,
        Filter::all_of({Filter::equal("nETBIOSName", short_name), Filter::equal("nCName", root.default_context)}),
        {"nETBIOSName"}};
    bool found = false;
    const auto read = search_all(wire, std::span(&search, 1), [&](const std::vector<Entry>& entries) -> Result<void> {
        found = found || !entries.empty();
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return found;
}

// What finds it in this domain; empty: it cannot be there.
Result<std::optional<Filter>> sought(ReadWire& wire, const Controller& controller, const Called& called) {
    const Filter by_name = Filter::equal(account_attribute, called.name);
    if (!called.suffix.empty()) {
        const Filter by_upn = Filter::equal(upn_attribute, fmt::format("{}@{}", called.name, called.suffix));
        // Every account may also be called by its name and its domain's, whatever its userPrincipalName is.
        const bool implied = text::same_folded(called.suffix, controller.domain);
        return std::optional(implied ? Filter::any_of({by_upn, by_name}) : by_upn);
    }
    if (called.domain.empty() || text::same_folded(called.domain, controller.domain)) return std::optional(by_name);
    return is_called(wire, controller.root, called.domain).map([&](bool yes) {
        return yes ? std::optional(by_name) : std::nullopt;
    });
}

bool is_past(const std::string& expires, std::int64_t now_s) {
    constexpr std::int64_t per_second = 10'000'000, seconds_before_1970 = 11'644'473'600;
    const auto ticks = text::number<std::int64_t>(expires);  // since 1601; never: 0, or the largest number
    return ticks && *ticks > 0 && *ticks / per_second - seconds_before_1970 <= now_s;
}

Result<AccountSeen> standing_of(ReadWire& wire, const Account& account, std::int64_t now_s) {
    const std::string name = printable(account.name);
    const auto flags = parse_flags(account.first(flags_attribute));
    if (!flags) return fail(Code::denied, fmt::format("{} has no userAccountControl, or it is hidden from us", name));
    const auto groups = read_groups(wire, account.dn);
    if (!groups) return tl::unexpected(groups.error());
    if (groups->empty()) return fail(Code::denied, fmt::format("the groups of {} are hidden from us", name));
    const std::uint32_t state = parse_flags(account.first(state_attribute)).value_or(0);
    return AccountSeen{
        .name = name,
        .dn = printable(account.dn),
        .disabled = (*flags & account_disabled) != 0,
        .locked = (state & locked_out) != 0,
        .expired = is_past(account.first(expiry_attribute), now_s),
        .not_delegated = (*flags & not_delegated) != 0,
        .protected_users = std::any_of(groups->begin(), groups->end(), is_protected_users),
        .password_expired = (state & password_is_expired) != 0,
    };
}

}  // namespace

Result<AccountSeen> find_account(Domains<ReadWire>& domains, const std::string& called, std::int64_t now_s) {
    const Called parts = parts_of(called);
    const std::string shown = printable(called);
    if (parts.name.empty() || called.size() > most_called)
        return fail(Code::bad_input, fmt::format("`{}` is no name of an account", shown));
    std::vector<AccountSeen> found;
    const auto look = [&](ReadWire& wire, const Controller& controller) -> Result<std::vector<AccountSeen>> {
        const auto filter = sought(wire, controller, parts);
        if (!filter) return tl::unexpected(filter.error());
        if (!*filter) return std::vector<AccountSeen>();
        const AccountSearch search{
            .base = controller.root.default_context,
            .filters = {**filter},
            .attributes = {std::string(flags_attribute), std::string(expiry_attribute), std::string(state_attribute)},
            .few = true};
        std::vector<Result<Account>> accounts;
        const auto read = find_accounts(
            wire, search, [&](const std::string&, Result<Account> account) { accounts.push_back(std::move(account)); });
        if (!read) return tl::unexpected(read.error());
        std::vector<AccountSeen> out;
        for (const auto& account : accounts) {
            auto standing = account.and_then([&](const Account& one) { return standing_of(wire, one, now_s); });
            if (!standing) return tl::unexpected(standing.error());
            out.push_back(std::move(*standing));
        }
        return out;
    };
    for (Domain<ReadWire>& domain : domains) {
        auto here = domain.line->repeatable([&](ReadWire& wire) { return look(wire, *domain.controller); });
        if (!here) return tl::unexpected(here.error());
        std::move(here->begin(), here->end(), std::back_inserter(found));
    }
    if (found.size() == 1) return std::move(found.front());
    if (found.empty()) return fail(Code::not_found, fmt::format("there is no account called {}", shown));
    return fail(Code::bad_input, fmt::format("{} accounts are called {} ({}, {}…); write DOMAIN\\name", found.size(),
                                             shown, found[0].dn, found[1].dn));
}

}  // namespace fairway::ldap
