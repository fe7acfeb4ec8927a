// Who may act on behalf of others towards an account: the questions that the KDC asks of the account's
// msDS-AllowedToActOnBehalfOfOtherIdentity (MS-SFU 3.2.5.2.3), and the edits that change the answer and nothing
// else. A SID may be a group's; who its members are is not known here. Pure.
#pragma once

#include <set>
#include <span>

#include "providers/ldap/identity/descriptor.hpp"

namespace fairway::ldap {

// The KDC asks for this right alone.
inline constexpr std::uint32_t right_control_access = 0x100;
// What tools grant: CCDCLCSWRPWPDTLOCRSDRCWDWO.
inline constexpr std::uint32_t right_full = 0xF01FF;
inline constexpr std::uint32_t right_generic_all = 0x10000000;

struct Acting {
    bool everybody = false;  // there is no DACL
    // For each SID the first entry that speaks of the right counts. A group's denial before a member's entry still
    // wins at the KDC: whoever has the memberships must look at both.
    std::set<Sid> allowed, denied;
    // Entries of which it cannot be said from here whether they grant or deny: conditions, unknown types, rights
    // for one property alone, generic rights.
    std::size_t unclear = 0;

    bool operator==(const Acting&) const = default;
};

Acting who_may_act(const Descriptor& descriptor);

// One more entry, behind the explicit ones and before the inherited; unchanged when `sid` may act already. Refused
// when it is denied, or when there is no DACL.
Result<Descriptor> allow(const Descriptor& descriptor, const Sid& sid);

struct Disallowed {
    Descriptor descriptor;
    std::size_t removed = 0;
    bool remains = false;  // by an entry that is not ours to remove
};

// Less every plain entry that lets `sid` act. Object entries, conditions and denials stay.
Result<Disallowed> disallow(const Descriptor& descriptor, const Sid& sid);

// O:BAD:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;SID)… in the order of `sids`, each once.
Descriptor fresh(std::span<const Sid> sids);

}  // namespace fairway::ldap
