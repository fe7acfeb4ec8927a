// See acting.hpp. Fact: LDAP-12.
#include "providers/ldap/identity/acting.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace fairway::ldap {
namespace {

// Audit, alarm, label, resource attribute, scoped policy, trust label, access filter (MS-DTYP 2.4.4.1): none of
// them grants or denies.
constexpr std::uint8_t silent[] = {0x02, 0x03, 0x07, 0x08, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15};

enum class Word { none, allow, deny, unclear };

Word word_of(const Ace& ace) {
    if ((ace.flags & ace_inherit_only) != 0) return Word::none;
    if (!ace.grant)
        return std::find(std::begin(silent), std::end(silent), ace.type) != std::end(silent) ? Word::none
                                                                                             : Word::unclear;
    const Grant& grant = *ace.grant;
    const bool right = (grant.mask & right_control_access) != 0;
    // MS-DTYP 2.5.3.2 knows no generic rights in an entry any more, and an object entry only by its tree of types.
    if (!right) return (grant.mask & right_generic_all) != 0 ? Word::unclear : Word::none;
    if (grant.typed) return Word::unclear;
    return grant.allow ? Word::allow : Word::deny;
}

tl::unexpected<Error> no_dacl() {
    return fail(Code::refused,
                "the security descriptor has no access list, which lets everybody act on behalf of others: clear the "
                "attribute, or replace it by hand");
}

// Behind the last explicit denial, and there before the first inherited entry.
std::size_t place_of_new(const std::vector<Ace>& entries) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Ace& ace = entries[i];
        if (ace.grant && !ace.grant->allow && (ace.flags & ace_inherited) == 0) from = i + 1;
    }
    while (from < entries.size() && (entries[from].flags & ace_inherited) == 0) ++from;
    return from;
}

}  // namespace

Acting who_may_act(const Descriptor& descriptor) {
    Acting out;
    if (!descriptor.dacl) {
        out.everybody = true;
        return out;
    }
    for (const Ace& ace : descriptor.dacl->entries) {
        const Word word = word_of(ace);
        if (word == Word::unclear) ++out.unclear;
        if (word != Word::allow && word != Word::deny) continue;
        const Sid& sid = ace.grant->sid;
        if (out.allowed.contains(sid) || out.denied.contains(sid)) continue;
        (word == Word::allow ? out.allowed : out.denied).insert(sid);
    }
    return out;
}

Result<Descriptor> allow(const Descriptor& descriptor, const Sid& sid) {
    if (!descriptor.dacl) return no_dacl();
    const Acting acting = who_may_act(descriptor);
    if (acting.denied.contains(sid))
        return fail(Code::refused, fmt::format("{} is denied by an entry of the access list, and another that allows "
                                               "it would change nothing: remove the denial by hand",
                                               show_sid(sid)));
    if (acting.allowed.contains(sid)) return descriptor;
    Descriptor out = descriptor;
    std::vector<Ace>& entries = out.dacl->entries;
    entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(place_of_new(entries)), allow_ace(sid, right_full));
    // Too long to be written is too long.
    if (const auto written = descriptor_bytes(out); !written) return tl::unexpected(written.error());
    return out;
}

Result<Disallowed> disallow(const Descriptor& descriptor, const Sid& sid) {
    if (!descriptor.dacl) return no_dacl();
    Disallowed out{.descriptor = descriptor, .removed = 0, .remains = false};
    out.removed = std::erase_if(out.descriptor.dacl->entries, [&](const Ace& ace) {
        return ace.type == ace_allow && ace.grant && ace.grant->sid == sid &&
               (ace.grant->mask & (right_control_access | right_generic_all)) != 0 &&
               (ace.flags & ace_inherit_only) == 0;
    });
    out.remains = who_may_act(out.descriptor).allowed.contains(sid);
    return out;
}

Descriptor fresh(std::span<const Sid> sids) {
    Descriptor out;
    out.control = control_self_relative | control_dacl_present;
    out.owner = Sid{5, {32, 544}};
    out.pieces = {{Descriptor::Part::owner, sid_bytes(*out.owner)}, {Descriptor::Part::dacl, {}}};
    // Revision 4 is what directory tools write, though revision 2 would do for plain entries.
    out.dacl = Acl{.revision = 4, .sbz1 = 0, .sbz2 = 0, .entries = {}, .slack = {}};
    std::set<Sid> seen;
    for (const Sid& sid : sids)
        if (seen.insert(sid).second) out.dacl->entries.push_back(allow_ace(sid, right_full));
    return out;
}

}  // namespace fairway::ldap
