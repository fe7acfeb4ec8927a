// See registered_names.hpp. Facts: LDAP-23, LDAP-24 and LDAP-27. servicePrincipalName and sAMAccountName are indexed
// and, with the other attributes read here, in the global catalogue (MS-ADA1, MS-ADA3); dNSHostName is not indexed, and
// therefore never part of a filter.
#include "providers/ldap/accounts/registered_names.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/controller/root.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/identity/sid.hpp"
#include "providers/ldap/wire/result.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_owners = 200'000;
constexpr std::size_t most_names = 20'000;  // of one account
constexpr std::size_t longest = 4096;

Result<std::vector<std::string>> names_of(const Account& account) {
    const auto names = account.of(names_attribute);
    const bool long_one = std::any_of(names.begin(), names.end(), [](const auto& one) { return one.size() > longest; });
    if (names.size() > most_names || long_one)
        return fail(Code::protocol, fmt::format("`{}` has more than {} names, or one of more than {} bytes",
                                                printable(account.dn), most_names, longest));
    return std::vector<std::string>(names.begin(), names.end());
}

Result<NameOwner> owner_from(const Account& account) {
    NameOwner out;
    // For people and for setspn; whatever stands there is only shown.
    out.dn = text::printable(account.dn);
    out.account = text::printable(account.name);
    out.dns = account.first("dNSHostName");
    if (const auto classes = account.of("objectClass"); !classes.empty())
        out.object_class = printable(classes.back());  // the most special one comes last (MS-ADTS 3.1.1.2.4.3)
    // Not shown to us is not disabled; a fault is only told where it was seen.
    const std::string shown = account.first(flags_attribute);
    const auto flags = parse_flags(shown.empty() ? "0" : shown);
    if (!flags)
        return fail(Code::protocol, fmt::format("userAccountControl of `{}` is no number", printable(account.dn)));
    out.enabled = (*flags & account_disabled) == 0;
    if (shown.empty()) out.controller.reset();
    else out.controller = (*flags & (server_trust_account | partial_secrets_account)) != 0;
    if (const auto sid = parse_sid(account.first(sid_attribute))) out.sid = show_sid(*sid);
    Result<std::vector<std::string>> names = names_of(account);
    if (!names) return tl::unexpected(names.error());
    out.names = std::move(*names);
    return out;
}

}  // namespace

std::vector<Filter> filters_for(const NameQuestion& question) {
    std::vector<Filter> parts;
    for (const std::string& name : question.names) parts.push_back(Filter::equal(names_attribute, name));
    for (const std::string& account : question.accounts) parts.push_back(Filter::equal(account_attribute, account));
    for (const std::string& one : question.classes) parts.push_back(Filter::begins(names_attribute, one + "/"));
    return any_of_each(parts, names_per_search);
}

Result<std::vector<NameOwner>> read_owners(ReadWire& wire, const std::string& base, const NameQuestion& question) {
    std::vector<NameOwner> owners;
    std::optional<Error> wrong;
    const auto take = [&](const std::string&, const Result<Account>& account) {
        Result<NameOwner> owner = account ? owner_from(*account) : Result<NameOwner>(tl::unexpected(account.error()));
        if (owner) owners.push_back(std::move(*owner));
        else if (!wrong) wrong = owner.error();
    };
    const AccountSearch search{
        base,
        filters_for(question),
        {std::string(names_attribute), "dNSHostName", "userAccountControl", "objectClass", std::string(sid_attribute)}};
    const auto read = find_accounts(wire, search, take, [&] { return !wrong && owners.size() <= most_owners; });
    if (wrong) return tl::unexpected(*wrong);
    if (owners.size() > most_owners)
        return fail(Code::refused,
                    fmt::format("more than {} accounts hold such names; name the hosts that matter", most_owners));
    if (!read) return tl::unexpected(read.error());
    std::sort(owners.begin(), owners.end(), [](const NameOwner& a, const NameOwner& b) { return a.dn < b.dn; });
    RegisteredNames out;  // an account that several filters find counts once
    add_owners(out, std::move(owners));
    return std::move(out.owners);
}

std::vector<NameAlias> parse_mappings(std::span<const std::string> values) {
    std::vector<NameAlias> out;
    for (const std::string& value : values) {
        const auto equals = value.find('=');
        if (equals == std::string::npos || equals == 0 || !text::is_clean_utf8(value)) continue;
        NameAlias alias{std::string(text::trim(std::string_view(value).substr(0, equals))), {}};
        for (const std::string_view one : text::split(std::string_view(value).substr(equals + 1), ','))
            if (!text::trim(one).empty()) alias.classes.emplace_back(text::trim(one));
        out.push_back(std::move(alias));
    }
    return out;
}

Result<std::vector<NameAlias>> read_mappings(ReadWire& wire, const std::string& configuration_context) {
    const Result<Entry> entry = read_object(wire, forest_settings(configuration_context), {"sPNMappings"});
    if (!entry) return tl::unexpected(entry.error());
    const Attribute* mappings = find(*entry, "sPNMappings");
    return mappings ? parse_mappings(mappings->values) : std::vector<NameAlias>();
}

Result<RegisteredNames> RegisteredNameReader::names(const NameQuestion& question) {
    auto owners =
        catalogue_.line->repeatable([&](ReadWire& wire) { return read_owners(wire, catalogue_.base, question); });
    if (!owners) return tl::unexpected(owners.error());
    RegisteredNames out;
    out.owners = std::move(*owners);
    out.aliases = catalogue_.aliases;
    out.source = catalogue_.source;
    out.caveat = catalogue_.caveat;
    return out;
}

Result<Set> read_dns_suffixes(ReadWire& wire, const std::string& domain_context) {
    constexpr std::size_t most = 1000, longest_name = 255;
    const Result<Entry> entry = read_object(wire, domain_context, {"msDS-AllowedDNSSuffixes"});
    if (!entry) return tl::unexpected(entry.error());
    const Attribute* suffixes = find(*entry, "msDS-AllowedDNSSuffixes");
    if (!suffixes) return Set();
    if (suffixes->values.size() > most)
        return fail(Code::protocol, fmt::format("the domain allows more than {} DNS suffixes", most));
    std::vector<std::string> out;
    for (const std::string& one : suffixes->values)
        if (!one.empty() && one.size() <= longest_name && text::is_clean_line(one)) out.push_back(text::fold(one));
    return Set(out);
}

Result<Set> RegisteredNameReader::dns_suffixes(const std::string& domain) {
    for (const Directory& directory : controllers_->inventory().directories) {
        if (directory.domain != domain) continue;
        const auto opened = controllers_->to_read(directory);
        if (!opened) return tl::unexpected(opened.error());
        return opened->line->repeatable(
            [&](ReadWire& wire) { return read_dns_suffixes(wire, opened->controller->root.default_context); });
    }
    return fail(Code::bad_input, fmt::format("the inventory names no directory of {}", domain));
}

}  // namespace fairway::ldap
