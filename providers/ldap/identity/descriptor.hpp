// What a security descriptor says, between its self-relative bytes (MS-DTYP 2.4.6) and a value. It keeps every
// byte, understood or not, in its place: what was read and not changed is written as it was. Who may do what by
// it is not asked here (acting.hpp). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/ldap/identity/sid.hpp"

namespace fairway::ldap {

// rangeUpper of msDS-AllowedToActOnBehalfOfOtherIdentity (MS-ADA2).
inline constexpr std::size_t most_descriptor_bytes = 132096;
// AclSize and AceSize are 16 bits.
inline constexpr std::size_t most_acl_bytes = 65535;
// Self-relative, with a DACL: the flags of Control that a written one cannot do without.
inline constexpr std::uint16_t control_self_relative = 0x8000, control_dacl_present = 0x0004,
                               control_sacl_present = 0x0010;

// What an allow or deny entry says (MS-DTYP 2.4.4.2 to 2.4.4.5).
struct Grant {
    bool allow = false;
    std::uint32_t mask = 0;
    bool typed = false;  // an object entry that names one property, right or class
    Sid sid;

    bool operator==(const Grant&) const = default;
};

struct Ace {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    std::string bytes;           // all of it, its header too
    std::optional<Grant> grant;  // empty: an entry of another type, kept as it is

    bool operator==(const Ace&) const = default;
};

inline constexpr std::uint8_t ace_inherit_only = 0x08, ace_inherited = 0x10;
inline constexpr std::uint8_t ace_allow = 0, ace_deny = 1, ace_allow_object = 5, ace_deny_object = 6;

// "Access allowed" for one SID, as it is written.
Ace allow_ace(const Sid& sid, std::uint32_t mask);

struct Acl {
    std::uint8_t revision = 0;
    std::uint8_t sbz1 = 0;
    std::uint16_t sbz2 = 0;
    std::vector<Ace> entries;
    std::string slack;  // what AclSize counts behind the last entry

    bool operator==(const Acl&) const = default;
};

std::size_t size_of(const Acl& acl);

struct Descriptor {
    enum class Part { owner, group, sacl, dacl, gap };
    // One stretch of the bytes behind the header. The DACL's stand in `dacl` instead.
    struct Piece {
        Part part{};
        std::string bytes;

        bool operator==(const Piece&) const = default;
    };

    std::uint8_t sbz1 = 0;
    std::uint16_t control = 0;
    std::vector<Piece> pieces;  // in the order of their bytes
    std::optional<Sid> owner, group;
    std::optional<Acl> dacl;  // empty: none, or a null one, which lets everybody do everything

    bool operator==(const Descriptor&) const = default;
};

Result<Descriptor> parse_descriptor(std::string_view bytes);
// Refused when an ACL or the whole has become too long.
Result<std::string> descriptor_bytes(const Descriptor& descriptor);

}  // namespace fairway::ldap
