// See admission.hpp. Facts: LDAP-16 and LDAP-17.
#include "providers/ldap/identity/admission.hpp"

#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"
#include "providers/ldap/identity/acting.hpp"

namespace fairway::ldap {
namespace {

constexpr std::string_view acting_attribute = "msDS-AllowedToActOnBehalfOfOtherIdentity";

std::string listed(const std::set<Sid>& sids) {
    std::vector<std::string> out;
    for (const Sid& sid : sids) out.push_back(show_sid(sid));
    return text::join(out, ", ");
}

// What one list of SIDs expresses in full.
Result<void> check_plain(const Acting& acting) {
    if (acting.everybody)
        return fail(Code::unsupported,
                    fmt::format("{} has no access list, so everybody may act on behalf of others towards this account: "
                                "clear it, or replace it by hand",
                                acting_attribute));
    if (!acting.denied.empty())
        return fail(Code::unsupported, fmt::format("{} denies {}, and whom that concerns cannot be told in a list of "
                                                   "accounts: remove the denial by hand",
                                                   acting_attribute, listed(acting.denied)));
    if (acting.unclear > 0)
        return fail(
            Code::unsupported,
            fmt::format("{} has {} entries of which it cannot be said whom they let act (conditions, single "
                        "properties, generic rights): look at them with `dsacls` or LDP, and remove them by hand",
                        acting_attribute, acting.unclear));
    return {};
}

// Empty: there is no value.
Result<std::optional<Descriptor>> plain_descriptor(std::span<const std::string> values) {
    if (values.empty()) return std::nullopt;
    if (values.size() > 1)
        return fail(Code::protocol,
                    fmt::format("{} has {} values where the schema allows one", acting_attribute, values.size()));
    Result<Descriptor> descriptor = parse_descriptor(values[0]);
    if (!descriptor)
        return fail(descriptor.error().code, fmt::format("{}: {}", acting_attribute, descriptor.error().text));
    if (auto plain = check_plain(who_may_act(*descriptor)); !plain) return tl::unexpected(plain.error());
    return std::move(*descriptor);
}

Result<void> check_fresh(const std::set<Sid>& held, std::span<const Principal> go, std::span<const Principal> come) {
    std::vector<std::string> vanished, intruding;
    for (const Principal& one : go)
        if (!held.contains(one.sid)) vanished.push_back(one.shown);
    for (const Principal& one : come)
        if (held.contains(one.sid)) intruding.push_back(one.shown);
    if (vanished.empty() && intruding.empty()) return {};
    std::string differs;
    if (!vanished.empty()) differs = "no longer there: " + text::join(vanished, ", ");
    if (!intruding.empty())
        differs += (differs.empty() ? "there already: " : "; there already: ") + text::join(intruding, ", ");
    return fail(Code::stale, fmt::format("{} was changed by somebody else since it was read ({}); nothing was written",
                                         acting_attribute, differs));
}

Result<Descriptor> edited(Descriptor descriptor, std::span<const Principal> go, std::span<const Principal> come) {
    for (const Principal& one : go) {
        Result<Disallowed> less = disallow(descriptor, one.sid);
        if (!less) return tl::unexpected(less.error());
        if (less->remains)
            return fail(Code::refused, fmt::format("{} would still be let act by an entry of {} that is not plain: "
                                                   "remove it by hand",
                                                   one.shown, acting_attribute));
        descriptor = std::move(less->descriptor);
    }
    for (const Principal& one : come) {
        Result<Descriptor> more = allow(descriptor, one.sid);
        if (!more) return more;
        descriptor = std::move(*more);
    }
    return descriptor;
}

}  // namespace

Result<Set> admitted(std::span<const std::string> values) {
    const auto descriptor = plain_descriptor(values);
    if (!descriptor) return tl::unexpected(descriptor.error());
    std::vector<std::string> out;
    if (*descriptor)
        for (const Sid& sid : who_may_act(**descriptor).allowed) out.push_back(show_sid(sid));
    return Set(out);
}

Result<std::vector<Modification>> encode_admission(std::string_view attribute, std::span<const Principal> go,
                                                   std::span<const Principal> come,
                                                   std::span<const std::string> current) {
    const auto now = plain_descriptor(current);
    if (!now) return tl::unexpected(now.error());
    const std::set<Sid> held = *now ? who_may_act(**now).allowed : std::set<Sid>();
    if (auto fresh = check_fresh(held, go, come); !fresh) return tl::unexpected(fresh.error());
    std::vector<Modification> out;
    if (go.empty() && come.empty()) return out;
    // From nothing: an empty list of the form that directory tools write.
    Result<Descriptor> after = edited(*now ? **now : fresh({}), go, come);
    if (!after) return tl::unexpected(after.error());
    const bool empty = after->dacl->entries.empty() && (after->control & control_sacl_present) == 0;
    if (*now) out.push_back({Modification::Kind::remove, std::string(attribute), {current[0]}});
    if (!empty) {
        Result<std::string> bytes = descriptor_bytes(*after);
        if (!bytes) return tl::unexpected(bytes.error());
        out.push_back({Modification::Kind::add, std::string(attribute), {std::move(*bytes)}});
    }
    return out;
}

}  // namespace fairway::ldap
