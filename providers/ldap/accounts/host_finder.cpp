// See host_finder.hpp. objectCategory distinguishes computers from the managed service accounts, which are of the class
// computer as well (MS-ADSC, FROM MEMORY); it is indexed, and so is the class nowhere.
#include "providers/ldap/accounts/host_finder.hpp"

#include <fmt/format.h>

#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/identity/flags.hpp"
#include "providers/ldap/wire/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t most_found = 100'000;
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
    const AccountSearch question{
        base_of(search), {filter_of(search)}, {std::string(flags_attribute), std::string(dns_attribute)}};
    const auto read =
        find_accounts(wire, question, take, [&] { return out.hosts.size() + out.disabled.size() <= most_found; });
    if (out.hosts.size() + out.disabled.size() > most_found)
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
    return out;
}

Result<FoundHosts> DirectoryFinder::find(const HostSearch& search) {
    for (const Directory& directory : controllers_->inventory().directories) {
        if (directory.domain != search.domain) continue;
        const auto opened = controllers_->to_read(directory);
        if (!opened) return tl::unexpected(opened.error());
        return opened->line->repeatable([&](ReadWire& wire) { return find_hosts(wire, search); });
    }
    return fail(Code::bad_input, fmt::format("the inventory names no directory of {}", search.domain));
}

}  // namespace fairway::ldap
