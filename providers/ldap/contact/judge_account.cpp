// The judges of what a host's account shows; see assumptions.hpp.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <limits>
#include <optional>

#include "engine/base/text.hpp"
#include "providers/ldap/accounts/attributes.hpp"
#include "providers/ldap/accounts/replication.hpp"
#include "providers/ldap/contact/assumptions.hpp"
#include "providers/ldap/identity/descriptor.hpp"
#include "providers/ldap/identity/sid.hpp"
#include "providers/ldap/wire/range.hpp"
#include "providers/ldap/wire/searches.hpp"

namespace fairway::ldap::judge {
namespace {

std::vector<std::string> values_of(const Entry& entry, std::string_view attribute) {
    const Attribute* found = find(entry, attribute);
    return found ? found->values : std::vector<std::string>();
}

bool has_name(const Entry& account, std::string_view name) {
    const auto names = values_of(account, names_attribute);
    return std::any_of(names.begin(), names.end(), [&](const auto& one) { return text::same_folded(one, name); });
}

// The first of these services that the account does not hold by both names of the computer; empty: it holds all.
std::string missing_of(const Entry& account, const Heard& heard, std::span<const std::string_view> services) {
    for (const std::string_view service : services) {
        const std::string full = first_value(account, dns_attribute);
        for (const std::string& name : {heard.host, full.empty() ? heard.host_dns : full})
            if (!has_name(account, fmt::format("{}/{}", service, name)))
                return fmt::format("{} by its {} name", service, name == heard.host ? "short" : "full");
    }
    return {};
}

// Of the schema, by the attribute's name.
Result<Entry> schema_of(const Heard& heard, std::string_view attribute) {
    const auto all = heard.entries(Subject::schema);
    if (!all) return tl::unexpected(all.error());
    for (const Entry& one : *all)
        if (text::same_folded(first_value(one, "lDAPDisplayName"), attribute)) return one;
    return fail(Code::not_found, fmt::format("the schema of {} is not shown", attribute));
}

Result<Stamps> stamps_in(const Entry& account) {
    const std::string blob = first_value(account, "replPropertyMetaData");
    if (blob.empty()) return fail(Code::denied, "replPropertyMetaData is not shown to this account");
    return parse_property_meta_data(blob);
}

// Of the values from one place to another one; no last: to the end.
struct Slice {
    std::size_t first = 0, count = 0;
    std::optional<std::size_t> last;
};
Result<Slice> slice_in(const Entry& entry) {
    for (const Attribute& one : entry.attributes) {
        const auto range = parse_range(one.name);
        if (!range) return tl::unexpected(range.error());
        if (*range) return Slice{(*range)->first, one.values.size(), (*range)->last};
    }
    return fail(Code::protocol, "no slice came");
}

}  // namespace

Judgement letters(const Heard& heard) {
    constexpr std::string_view unicode = "2.5.5.12", unicode_om = "64";
    for (const std::string_view attribute : {std::string_view("msDS-AllowedToDelegateTo"), names_attribute}) {
        const auto schema = schema_of(heard, attribute);
        if (!schema) return untried(schema.error());
        if (first_value(*schema, "attributeSyntax") != unicode || first_value(*schema, "oMSyntax") != unicode_om)
            return refuted(fmt::format("{} has the syntax {}, {}", attribute, first_value(*schema, "attributeSyntax"),
                                       first_value(*schema, "oMSyntax")));
    }
    const auto found = heard.entries(Subject::other_case);
    if (!found) return untried(found.error());
    return found->size() == 1 ? holds("both are texts without case, and the account was found")
                              : refuted("the account is not found by a name in other letters");
}

Judgement counter(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const auto stamps = stamps_in(*account);
    if (!stamps) return untried(stamps.error());
    const auto changed = text::number<std::int64_t>(first_value(*account, "uSNChanged"));
    if (!changed) return refuted("uSNChanged is no number");
    for (const auto& [attribute, stamp] : *stamps)
        if (stamp.local_usn > *changed) return refuted(fmt::format("{} was changed with a higher number", attribute));
    return holds(fmt::format("of {} attributes", stamps->size()));
}

Judgement hidden(const Heard& heard) {
    const auto account = heard.one(Subject::secret);
    if (!account && account.error().code == Code::unreachable) return untried(account.error());
    if (!account) return refuted(fmt::format("the whole entry is refused: {}", name(account.error().code)));
    return find(*account, "unicodePwd") == nullptr ? holds("the entry came without it") : refuted("it is shown");
}

Judgement slices(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    const auto first = heard.one(Subject::first_slice).and_then(slice_in);
    const auto rest = heard.one(Subject::other_slices).and_then(slice_in);
    if (!account) return untried(account.error());
    const std::size_t all = values_of(*account, names_attribute).size();
    if (all < 2) return untried("the account has fewer than two names");
    for (const auto* slice : {&first, &rest}) {
        if (*slice) continue;
        return slice->error().code == Code::unreachable ? untried(slice->error()) : refuted(slice->error().text);
    }
    if (first->first != 0 || first->last != 0u || first->count != 1)
        return refuted("the first slice is not the first value");
    if (rest->first != 1 || rest->last) return refuted("the second slice is not from 1 to `*`");
    return 1 + rest->count == all ? holds(fmt::format("{} values in two slices", all))
                                  : refuted(fmt::format("{} of {} values came", 1 + rest->count, all));
}

Judgement descriptor(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const std::string bytes = first_value(*account, "msDS-AllowedToActOnBehalfOfOtherIdentity");
    if (bytes.empty()) return untried("the account has none");
    const auto read = parse_descriptor(bytes);
    return read ? holds(fmt::format("{} bytes were read", bytes.size())) : refuted(read.error().text);
}

Judgement stamps(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const auto stamps = stamps_in(*account);
    if (!stamps && stamps.error().code == Code::denied) return untried(stamps.error());
    if (!stamps) return refuted(stamps.error().text);
    for (const std::string_view attribute : {std::string_view(account_attribute), std::string_view(flags_attribute)})
        if (!stamps->contains(attribute)) return refuted(fmt::format("there is no stamp of {}", attribute));
    return holds(fmt::format("{} of our attributes have one", stamps->size()));
}

Judgement stamps_as_xml(const Heard& heard) {
    const auto account = heard.one(Subject::account), texts = heard.one(Subject::stamps_as_xml);
    if (!account) return untried(account.error());
    if (!texts) return untried(texts.error());
    const auto values = values_of(*texts, "msDS-ReplAttributeMetaData");
    if (values.empty()) return untried("the controller shows none: it is Samba, or hides them");
    const auto bytes = stamps_in(*account), xml = collect_stamps(values);
    if (!bytes) return untried(bytes.error());
    if (!xml) return refuted(xml.error().text);
    for (const auto& [attribute, stamp] : *xml) {
        const auto same = bytes->find(attribute);
        if (same == bytes->end() || same->second.version != stamp.version || same->second.time != stamp.time)
            return refuted(fmt::format("the two forms say something else of {}", attribute));
    }
    return holds(fmt::format("of {} attributes", xml->size()));
}

Judgement stamps_shown(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    return first_value(*account, "replPropertyMetaData").empty() ? refuted("it is not shown to this account")
                                                                 : holds("it is shown to this account");
}

Judgement additional_names(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const auto more = values_of(*account, "msDS-AdditionalDnsHostName");
    if (more.empty()) return untried("the host has no additional name");
    for (const std::string& name : more)
        if (!has_name(*account, "HOST/" + name)) return refuted(fmt::format("HOST/`{}` is missing", name));
    return holds(fmt::format("so for {} names", more.size()));
}

Judgement own_names(const Heard& heard) {
    constexpr std::array<std::string_view, 1> services = {"HOST"};
    constexpr std::uint32_t indexed = 1;  // of searchFlags (MS-ADTS 2.2.10)
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    if (const auto missing = missing_of(*account, heard, services); !missing.empty())
        return refuted(fmt::format("the account does not hold {}", missing));
    const auto schema = schema_of(heard, dns_attribute);
    if (!schema) return untried(schema.error());
    const auto flags = text::number<std::uint32_t>(first_value(*schema, "searchFlags"));
    return (flags.value_or(0) & indexed) == 0 ? holds("both names, and no index") : refuted("dNSHostName has an index");
}

Judgement migration_names(const Heard& heard) {
    constexpr std::array<std::string_view, 3> services = {
        "Microsoft Virtual System Migration Service", "Hyper-V Replica Service", "Microsoft Virtual Console Service"};
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const auto missing = missing_of(*account, heard, services);
    return missing.empty() ? holds("all six") : refuted(fmt::format("the account does not hold {}", missing));
}

Judgement state_of_account(const Heard& heard) {
    constexpr std::uint32_t locked_or_expired = 0x10 | 0x800000;
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const auto state = text::number<std::int64_t>(first_value(*account, "msDS-User-Account-Control-Computed"));
    if (!state) return refuted("it is no number");
    return (static_cast<std::uint32_t>(*state) & locked_or_expired) == 0 ? holds("neither bit is set")
                                                                         : refuted(fmt::format("it is {}", *state));
}

Judgement groups(const Heard& heard) {
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    auto sid = parse_sid(first_value(*account, sid_attribute));
    const auto primary = text::number<std::uint32_t>(first_value(*account, "primaryGroupID"));
    if (!sid || !primary || !rid_of(*sid)) return untried("objectSid or primaryGroupID is not shown");
    const auto groups = values_of(*account, "tokenGroups");
    if (groups.empty()) return refuted("it is not shown");
    sid->parts.back() = *primary;
    return std::find(groups.begin(), groups.end(), sid_bytes(*sid)) != groups.end()
               ? holds(fmt::format("{} groups, the primary one among them", groups.size()))
               : refuted("the primary group is not in it");
}

Judgement expiry(const Heard& heard) {
    constexpr std::int64_t per_second = 10'000'000, year_1990 = 12'275'193'600, year_2200 = 18'902'332'800;
    const auto account = heard.one(Subject::account);
    if (!account) return untried(account.error());
    const std::string text = first_value(*account, "accountExpires");
    if (text.empty()) return untried("it is not shown");
    const auto ticks = text::number<std::int64_t>(text);
    if (!ticks) return refuted("it is no number");
    if (*ticks == 0 || *ticks == std::numeric_limits<std::int64_t>::max()) return holds("never");
    const std::int64_t seconds = *ticks / per_second;
    return seconds > year_1990 && seconds < year_2200 ? holds("a time of our days")
                                                      : refuted("a time that nobody means");
}

}  // namespace fairway::ldap::judge
