// See registered_names.hpp. servicePrincipalName and sAMAccountName are indexed and, with the other attributes read
// here, in the global catalogue (MS-ADA1, MS-ADA3); dNSHostName is not indexed, and therefore never part of a filter.
#include "providers/ldap/registered_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "engine/base/text.hpp"
#include "providers/ldap/range.hpp"
#include "providers/ldap/result.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view names_attribute = "servicePrincipalName";
constexpr std::size_t most_pages = 1000;
constexpr std::size_t most_owners = 200'000;
constexpr std::size_t most_names = 20'000;  // of one account
constexpr std::size_t longest = 4096;
constexpr std::uint32_t account_disabled = 0x2;  // MS-ADTS 2.2.16

const Attribute* find(const Entry& entry, std::string_view name) {
    const auto it = std::find_if(entry.attributes.begin(), entry.attributes.end(),
                                 [&](const Attribute& one) { return text::same_folded(one.name, name); });
    return it == entry.attributes.end() ? nullptr : &*it;
}

std::string first_value(const Entry& entry, std::string_view name) {
    const Attribute* attribute = find(entry, name);
    return attribute && !attribute->values.empty() ? attribute->values.front() : std::string();
}

// The slice of the names that an entry brings, behind `names`; true: there is more (MS-ADTS 3.1.1.3.1.3.3).
Result<bool> take_names(const Entry& entry, std::vector<std::string>& names) {
    bool more = false;
    for (const Attribute& attribute : entry.attributes) {
        const std::string_view plain = std::string_view(attribute.name).substr(0, attribute.name.find(';'));
        if (!text::same_folded(plain, names_attribute)) continue;
        const auto range = parse_range(attribute.name);
        if (!range) return tl::unexpected(range.error());
        if (*range) {
            if (auto fits = check_slice(**range, names.size(), attribute.values.size()); !fits)
                return tl::unexpected(fits.error());
            more = (*range)->last.has_value();
        }
        names.insert(names.end(), attribute.values.begin(), attribute.values.end());
    }
    const bool long_one = std::any_of(names.begin(), names.end(), [](const auto& one) { return one.size() > longest; });
    if (names.size() > most_names || long_one)
        return fail(Code::protocol, fmt::format("`{}` has more than {} names, or one of more than {} bytes",
                                                printable(entry.dn), most_names, longest));
    return more;
}

Result<std::vector<std::string>> names_of(ReadWire& wire, const Entry& found) {
    std::vector<std::string> names;
    Result<bool> more = take_names(found, names);
    while (more && *more) {
        Search search;
        search.base = found.dn;
        search.attributes = {ask_from(names_attribute, names.size())};
        const std::size_t have = names.size();
        const Result<Page> page = wire.search(search, "");
        if (!page) return tl::unexpected(page.error());
        if (page->entries.size() != 1)
            return fail(Code::stale, fmt::format("`{}` went away while it was read", printable(found.dn)));
        more = take_names(page->entries.front(), names);
        if (more && names.size() == have)
            return fail(Code::protocol, fmt::format("the other names of `{}` do not come", printable(found.dn)));
    }
    if (!more) return tl::unexpected(more.error());
    return names;
}

Result<NameOwner> owner_from(ReadWire& wire, const Entry& entry) {
    NameOwner out;
    // For people and for setspn; whatever stands there is only shown.
    out.dn = text::printable(entry.dn);
    out.account = text::printable(first_value(entry, "sAMAccountName"));
    out.dns = first_value(entry, "dNSHostName");
    if (const Attribute* classes = find(entry, "objectClass"); classes && !classes->values.empty())
        out.object_class = printable(classes->values.back());  // the most special one comes last (MS-ADTS 3.1.1.2.4.3)
    const std::string flags = first_value(entry, "userAccountControl");
    std::int64_t bits = 0;
    const auto [end, wrong] = std::from_chars(flags.data(), flags.data() + flags.size(), bits);
    // Not shown to us is not disabled; a fault is only told where it was seen.
    if (!flags.empty() && (wrong != std::errc{} || end != flags.data() + flags.size()))
        return fail(Code::protocol, fmt::format("userAccountControl of `{}` is no number", printable(entry.dn)));
    out.enabled = (static_cast<std::uint64_t>(bits) & account_disabled) == 0;
    Result<std::vector<std::string>> names = names_of(wire, entry);
    if (!names) return tl::unexpected(names.error());
    out.names = std::move(*names);
    return out;
}

Search search_for(const std::string& base, Filter filter) {
    return {base,
            Scope::subtree,
            std::move(filter),
            {std::string(names_attribute), "sAMAccountName", "dNSHostName", "userAccountControl", "objectClass"},
            entries_per_page};
}

Result<void> search_into(ReadWire& wire, const Search& search, RegisteredNames& out) {
    std::string cookie;
    for (std::size_t pages = 0; pages < most_pages; ++pages) {
        const Result<Page> page = wire.search(search, cookie);
        if (!page) return tl::unexpected(page.error());
        std::vector<NameOwner> owners;
        for (const Entry& entry : page->entries) {
            Result<NameOwner> owner = owner_from(wire, entry);
            if (!owner) return tl::unexpected(owner.error());
            owners.push_back(std::move(*owner));
        }
        add_owners(out, std::move(owners));
        if (out.owners.size() > most_owners)
            return fail(Code::refused,
                        fmt::format("more than {} accounts hold such names; name the hosts that matter", most_owners));
        cookie = page->cookie;
        if (cookie.empty()) return {};
    }
    return fail(Code::protocol, fmt::format("the answer has no end after {} pages", most_pages));
}

}  // namespace

std::vector<Filter> filters_for(const NameQuestion& question) {
    std::vector<Filter> parts;
    for (const std::string& name : question.names) parts.push_back(Filter::equal(names_attribute, name));
    for (const std::string& account : question.accounts) parts.push_back(Filter::equal("sAMAccountName", account));
    for (const std::string& one : question.classes) parts.push_back(Filter::begins(names_attribute, one + "/"));
    std::vector<Filter> out;
    for (auto from = parts.begin(); from != parts.end();) {
        const auto to = from + std::min<std::ptrdiff_t>(names_per_search, parts.end() - from);
        out.push_back(Filter::any_of({from, to}));
        from = to;
    }
    return out;
}

Result<std::vector<NameOwner>> read_owners(ReadWire& wire, const std::string& base, const NameQuestion& question) {
    RegisteredNames out;
    for (Filter& filter : filters_for(question))
        if (auto read = search_into(wire, search_for(base, std::move(filter)), out); !read)
            return tl::unexpected(read.error());
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
    constexpr std::array<Rdn, 3> steps = {{{"CN", "Directory Service"}, {"CN", "Windows NT"}, {"CN", "Services"}}};
    Search search;
    search.base = dn(steps, configuration_context);
    search.attributes = {"sPNMappings"};
    const Result<Page> page = wire.search(search, "");
    if (!page) return tl::unexpected(page.error());
    if (page->entries.size() != 1)
        return fail(Code::not_found, fmt::format("`{}` is not shown to us", printable(search.base)));
    const Attribute* mappings = find(page->entries.front(), "sPNMappings");
    return mappings ? parse_mappings(mappings->values) : std::vector<NameAlias>();
}

Result<RegisteredNames> RegisteredNameReader::names(const NameQuestion& question) {
    auto owners =
        catalogue_.line.repeatable([&](ReadWire& wire) { return read_owners(wire, catalogue_.base, question); });
    if (!owners) return tl::unexpected(owners.error());
    RegisteredNames out;
    out.owners = std::move(*owners);
    out.aliases = catalogue_.aliases;
    out.source = catalogue_.source;
    out.caveat = catalogue_.caveat;
    return out;
}

}  // namespace fairway::ldap
