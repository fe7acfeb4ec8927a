// See host_finder.hpp. objectCategory distinguishes computers from the managed service accounts, which are of the class
// computer as well (MS-ADSC, FROM MEMORY); it is indexed, and so is the class nowhere.
#include "providers/ldap/accounts/host_finder.hpp"

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/identity/sid.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_found = 100'000;
constexpr std::string_view logon_attribute = "lastLogonTimestamp", system_attribute = "operatingSystem";
constexpr std::string_view transitive = "1.2.840.113556.1.4.1941";  // MS-ADTS 3.1.1.3.4.4.3

std::string written(const DirectoryName& name) {
    std::vector<Rdn> steps;
    for (const NameStep& step : name) steps.push_back({step.type, step.value});
    return dn(steps, "");
}

}  // namespace

Filter filter_of(const DirectoryFilter& filter) {
    using Kind = DirectoryFilter::Kind;
    std::vector<Filter> parts;
    for (const DirectoryFilter& part : filter.parts) parts.push_back(filter_of(part));
    switch (filter.kind) {
        case Kind::all_of: return Filter::all_of(parts);
        case Kind::any_of: return Filter::any_of(parts);
        case Kind::not_of: return Filter::not_of(parts.front());
        case Kind::equal: return Filter::equal(filter.attribute, filter.pieces.front());
        case Kind::at_least: return Filter::ordered(filter.attribute, ">=", filter.pieces.front());
        case Kind::at_most: return Filter::ordered(filter.attribute, "<=", filter.pieces.front());
        case Kind::like: return Filter::like(filter.attribute, filter.pieces);
        case Kind::rule: return Filter::by_rule(filter.attribute, filter.rule, filter.pieces.front());
        case Kind::present: break;
    }
    return Filter::present(filter.attribute);
}

Filter filter_of(const HostSearch& search) {
    std::vector<Filter> parts = {Filter::equal("objectCategory", "computer")};
    if (search.filter) parts.push_back(filter_of(*search.filter));
    if (!search.group.empty()) parts.push_back(Filter::by_rule("memberOf", transitive, written(search.group)));
    return Filter::all_of(parts);
}

std::string base_of(const HostSearch& search) {
    return search.base.empty() ? naming_context(search.domain) : written(search.base);
}

namespace {

// Every account that a search finds. An Error says what to correct in it.
Result<void> ask(ReadWire& wire, const HostSearch& search, std::vector<std::string> attributes,
                 const AccountSink& take) {
    std::size_t found = 0;
    const AccountSearch question{base_of(search), {filter_of(search)}, std::move(attributes)};
    const auto counted = [&](const std::string& name, Result<Account> account) {
        ++found;
        take(name, std::move(account));
    };
    const auto read = find_accounts(wire, question, counted, [&] { return found <= most_found; });
    if (found > most_found)
        return fail(Code::refused, fmt::format("a search finds more than {} computers: narrow it", most_found));
    if (!read && read.error().code == Code::not_found && !search.base.empty())
        return fail(
            Code::bad_input,
            fmt::format("the search for hosts in `{}`: there is no such container, or it is hidden from us; write "
                        "`base` as its distinguishedName is, as in `OU=Hyper-V,{}` or `CN=Computers,{}` ({})",
                        printable(question.base), naming_context(search.domain), naming_context(search.domain),
                        read.error().text));
    if (!read)
        return fail(read.error().code,
                    fmt::format("the search for hosts in `{}`: {}", printable(question.base), read.error().text));
    return {};
}

// LDAP-44: 100 ns since 1601.
std::optional<std::int64_t> moment_of(const std::string& ticks) {
    constexpr std::int64_t per_second = 10'000'000, seconds_before_1970 = 11'644'473'600;
    const auto number = text::number<std::int64_t>(ticks);
    return number && *number > 0 ? std::optional(*number / per_second - seconds_before_1970) : std::nullopt;
}

SeenComputer seen(const std::string& name, const Result<Account>& account) {
    SeenComputer out;
    if (!account) {
        out.is = {name, {}, {}, "cannot be read: " + account.error().text};
        return out;
    }
    const auto flags = parse_flags(account->first(flags_attribute));
    out.is = {name, account->first(dns_attribute), account->dn,
              flags ? "" : "has no userAccountControl, or it is hidden from us"};
    if (const auto sid = parse_sid(account->first(sid_attribute))) out.sid = show_sid(*sid);
    out.disabled = flags && (*flags & account_disabled);
    out.controller = flags && (*flags & server_trust_account);
    out.signed_on = moment_of(account->first(logon_attribute));
    out.system = account->first(system_attribute);
    for (const std::string& value : account->of(names_attribute))
        out.classes.insert(text::fold(value.substr(0, value.find('/'))));
    return out;
}

}  // namespace

Result<FoundHosts> find_hosts(ReadWire& wire, const HostSearch& search) {
    FoundHosts out;
    const auto take = [&](const std::string& name, const Result<Account>& account) {
        const auto flags = account ? parse_flags(account->first(flags_attribute)) : std::nullopt;
        if (!account) out.hosts.push_back({name, {}, {}, "cannot be read: " + account.error().text});
        else if (!flags)
            out.hosts.push_back({name, {}, account->dn, "has no userAccountControl, or it is hidden from us"});
        else if (*flags & account_disabled) out.disabled.push_back(name);
        else out.hosts.push_back({name, account->first(dns_attribute), account->dn});
    };
    const auto asked = ask(wire, search, {std::string(flags_attribute), std::string(dns_attribute)}, take);
    if (!asked) return tl::unexpected(asked.error());
    return out;
}

Result<std::vector<SeenComputer>> look_at_hosts(ReadWire& wire, const HostSearch& search) {
    std::vector<SeenComputer> out;
    std::vector<std::string> attributes;
    for (const std::string_view one :
         {flags_attribute, dns_attribute, sid_attribute, names_attribute, logon_attribute, system_attribute})
        attributes.emplace_back(one);
    const auto asked = ask(wire, search, std::move(attributes),
                           [&](const std::string& name, const auto& account) { out.push_back(seen(name, account)); });
    if (!asked) return tl::unexpected(asked.error());
    return out;
}

template <class Found>
Result<Found> DirectoryFinder::ask_domain(const HostSearch& search,
                                          Result<Found> (*question)(ReadWire&, const HostSearch&)) {
    for (const Directory& directory : controllers_->inventory().directories) {
        if (directory.domain != search.domain) continue;
        const auto opened = controllers_->to_read(directory);
        if (!opened) return tl::unexpected(opened.error());
        return opened->line->repeatable([&](ReadWire& wire) { return question(wire, search); });
    }
    return fail(Code::bad_input, fmt::format("the inventory names no directory of {}", search.domain));
}

Result<FoundHosts> DirectoryFinder::find(const HostSearch& search) { return ask_domain(search, find_hosts); }

Result<std::vector<SeenComputer>> DirectoryFinder::look(const HostSearch& search) {
    return ask_domain(search, look_at_hosts);
}

}  // namespace fairway::ldap
