// See rights.hpp. Facts: LDAP-5 and LDAP-28 to LDAP-31.
#include "providers/ldap/accounts/rights.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/accounts/caller.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view writable_attribute = "allowedAttributesEffective";

// MS-DTYP 2.4.2.4.
const Sid administrators{5, {32, 544}};
constexpr std::uint32_t domain_admins = 512, enterprise_admins = 519;

bool same_domain(const Sid& a, const Sid& b) {
    return rid_of(a) && rid_of(b) && std::equal(a.parts.begin(), a.parts.end() - 1, b.parts.begin());
}

Right unknown(std::string words) { return {May::unknown, std::move(words)}; }

// A right that cannot be asked for stays unknown: whoever writes finds out.
Result<void> ask_domain(Domain<ReadWire>& domain, const Asked& asked, Rights& out, const GoOn& go_on) {
    const Result<std::vector<Sid>> groups = domain.line->repeatable([](ReadWire& wire) { return read_groups(wire); });
    if (!groups) return tl::unexpected(groups.error());
    std::set<std::string> answered;
    const auto take = [&](const std::string& host, const Result<Account>& account) {
        answered.insert(host);
        for (const Address& address : asked.at(host)) {
            if (!account) {
                out.insert_or_assign(address, unknown(account.error().text));
                continue;
            }
            const auto sid = account->of(sid_attribute);
            const Result<Sid> own = sid.empty() ? fail(Code::not_found, "") : parse_sid(sid.front());
            out.insert_or_assign(address, right_to(address, account->of(writable_attribute),
                                                   privilege_of(*groups, own.value_or(Sid{}))));
        }
    };
    const std::array<std::string, 2> attributes = {std::string(writable_attribute), std::string(sid_attribute)};
    return domain.line->repeatable([&](ReadWire& wire) {
        return read_accounts(wire, domain.controller->root.default_context, objects_of(asked), attributes, take,
                             [&] { return go_on(answered.size()); });
    });
}

}  // namespace

Privilege privilege_of(std::span<const Sid> groups, const Sid& of_domain) {
    const auto holds = [&](const Sid& group) {
        if (group == administrators) return true;
        // There is one group of enterprise administrators in a forest, in its first domain.
        const auto rid = rid_of(group);
        return rid == enterprise_admins || (rid == domain_admins && same_domain(group, of_domain));
    };
    return std::any_of(groups.begin(), groups.end(), holds) ? Privilege::by_default : Privilege::unknown;
}

Right right_to(const Address& address, std::span<const std::string> writable, Privilege privilege) {
    const Row* row = find_row(address.setting);
    if (!row) return unknown(fmt::format("{} is not a thing of the directory", address.setting->name));
    const bool privileged = row->guard == Guard::privilege;
    const bool may = std::any_of(writable.begin(), writable.end(),
                                 [&](const std::string& one) { return text::same_folded(one, row->attribute); });
    if (!may && row->guard == Guard::validated_write)
        return unknown(
            fmt::format("the caller has no write-property on {}; whether it has \"Validated write to service "
                        "principal name\", which is enough, cannot be known in advance",
                        row->attribute));
    if (!may) {
        std::string words = fmt::format("grant write-property on {} of its account", row->attribute);
        if (privileged && privilege != Privilege::by_default)
            words += ", and SeEnableDelegationPrivilege at the domain controllers";
        return {May::no, words};
    }
    if (!privileged) return {May::yes, {}};
    if (privilege == Privilege::by_default)
        return {May::by_default, "if it has SeEnableDelegationPrivilege, as administrators have by default"};
    return unknown(
        "the caller may write the attribute, but the domain controllers ask for SeEnableDelegationPrivilege too, which "
        "they do not show: look for the caller's groups at \"Enable computer and user accounts to be trusted for "
        "delegation\" in the Default Domain Controllers Policy");
}

Rights DirectoryRights::may_write(std::span<const Address> addresses, const Progress& progress) {
    Rights out;
    for (const Address& address : addresses) out.emplace(address, unknown("nobody was asked"));
    const auto ask = [&](Domain<ReadWire>& domain, const Asked& asked, const GoOn& go_on) {
        return ask_domain(domain, asked, out, go_on);
    };
    ask_each(domains_, addresses, progress, ask,
             [&](const Address& address, const Error& error) { out.insert_or_assign(address, unknown(error.text)); });
    return out;
}

}  // namespace fairway::ldap
