// See descriptor.hpp. Facts: LDAP-13 to LDAP-15.
#include "providers/ldap/identity/descriptor.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "providers/ldap/identity/bytes.hpp"

namespace fairway::ldap {
namespace {

using Part = Descriptor::Part;

constexpr std::size_t descriptor_head = 20, acl_head = 8, ace_head = 4, mask_bytes = 4;
constexpr std::uint32_t object_type_present = 1, inherited_type_present = 2;
constexpr std::size_t guid_bytes = 16;

tl::unexpected<Error> broken(std::string_view what) {
    return fail(Code::protocol, fmt::format("a security descriptor that makes no sense: {}", what));
}

// 2.4.4.3: Flags, and behind them a GUID for each of its two bits. What stands behind the SID is kept, not read.
Result<std::optional<Grant>> read_grant(std::uint8_t type, std::string_view bytes) {
    const bool object = type == ace_allow_object || type == ace_deny_object;
    if (type != ace_allow && type != ace_deny && !object) return std::optional<Grant>();
    std::size_t at = ace_head + mask_bytes;
    if (bytes.size() < at + (object ? 4 : 0)) return broken("an entry is too short for its type");
    Grant out{.allow = type == ace_allow || type == ace_allow_object,
              .mask = little<std::uint32_t>(bytes, ace_head),
              .typed = false,
              .sid = {}};
    if (object) {
        const auto flags = little<std::uint32_t>(bytes, at);
        if ((flags & ~(object_type_present | inherited_type_present)) != 0)
            return broken("an object entry has flags that nobody defined");
        out.typed = (flags & object_type_present) != 0;
        at += 4 + (out.typed ? guid_bytes : 0) + ((flags & inherited_type_present) != 0 ? guid_bytes : 0);
        if (bytes.size() < at) return broken("an object entry is too short for its types");
    }
    const auto sid = sid_at_front(bytes.substr(at));
    if (!sid) return broken(sid.error().text);
    out.sid = *sid;
    return std::optional(std::move(out));
}

Result<Ace> read_ace(std::string_view bytes) {
    if (bytes.size() < ace_head) return broken("an entry is cut short");
    const std::size_t size = little<std::uint16_t>(bytes, 2);
    if (size < ace_head || size % 4 != 0 || size > bytes.size())
        return broken(fmt::format("an entry says that it has {} bytes, of {}", size, bytes.size()));
    Ace out{.type = little<std::uint8_t>(bytes, 0),
            .flags = little<std::uint8_t>(bytes, 1),
            .bytes = std::string(bytes.substr(0, size)),
            .grant = {}};
    auto grant = read_grant(out.type, out.bytes);
    if (!grant) return tl::unexpected(grant.error());
    out.grant = std::move(*grant);
    return out;
}

// 2.4.5: revision 2, or 4 where object entries may be. `bytes` goes on to the descriptor's end.
Result<Acl> read_acl(std::string_view bytes) {
    if (bytes.size() < acl_head) return broken("an access list is cut short");
    Acl out{.revision = little<std::uint8_t>(bytes, 0),
            .sbz1 = little<std::uint8_t>(bytes, 1),
            .sbz2 = little<std::uint16_t>(bytes, 6),
            .entries = {},
            .slack = {}};
    const std::size_t size = little<std::uint16_t>(bytes, 2), count = little<std::uint16_t>(bytes, 4);
    if (out.revision != 2 && out.revision != 4)
        return broken(fmt::format("an access list of revision {}", out.revision));
    if (size < acl_head || size % 4 != 0 || size > bytes.size())
        return broken(fmt::format("an access list says that it has {} bytes, of {}", size, bytes.size()));
    std::string_view rest = bytes.substr(acl_head, size - acl_head);
    for (std::size_t i = 0; i < count; ++i) {
        auto ace = read_ace(rest);
        if (!ace) return tl::unexpected(ace.error());
        rest.remove_prefix(ace->bytes.size());
        out.entries.push_back(std::move(*ace));
    }
    out.slack = rest;
    return out;
}

struct Place {
    Part part{};
    std::size_t offset = 0, size = 0;
};

// Where Offset… stand in the header.
constexpr std::array<std::pair<Part, std::size_t>, 4> offsets = {
    {{Part::owner, 4}, {Part::group, 8}, {Part::sacl, 12}, {Part::dacl, 16}}};

// 2.4.6: an offset of zero is a part that is not there; an ACL's must be zero when its flag is clear.
Result<std::vector<Place>> read_places(std::string_view bytes, std::uint16_t control) {
    std::vector<Place> out;
    for (const auto& [part, field] : offsets) {
        const std::size_t offset = little<std::uint32_t>(bytes, field);
        if (offset == 0) continue;
        if (offset < descriptor_head || offset % 4 != 0 || offset >= bytes.size())
            return broken("an offset leads nowhere");
        if ((part == Part::dacl && (control & control_dacl_present) == 0) ||
            (part == Part::sacl && (control & control_sacl_present) == 0))
            return broken("there is an access list that its flags deny");
        out.push_back({part, offset, 0});
    }
    std::sort(out.begin(), out.end(), [](const Place& a, const Place& b) { return a.offset < b.offset; });
    return out;
}

// Reads the part where it stands, into `out`, and says how many bytes it took.
Result<std::size_t> read_part(Part part, std::string_view bytes, Descriptor& out) {
    if (part == Part::owner || part == Part::group) {
        const auto sid = sid_at_front(bytes);
        if (!sid) return broken(sid.error().text);
        (part == Part::owner ? out.owner : out.group) = *sid;
        return size_of(*sid);
    }
    auto acl = read_acl(bytes);
    if (!acl) return tl::unexpected(acl.error());
    const std::size_t size = size_of(*acl);
    if (part == Part::dacl) out.dacl = std::move(*acl);
    return size;
}

std::string acl_bytes(const Acl& acl) {
    std::string out = little_bytes(acl.revision) + little_bytes(acl.sbz1);
    out += little_bytes(static_cast<std::uint16_t>(size_of(acl)));
    out += little_bytes(static_cast<std::uint16_t>(acl.entries.size())) + little_bytes(acl.sbz2);
    for (const Ace& ace : acl.entries) out += ace.bytes;
    return out + acl.slack;
}

}  // namespace

Ace allow_ace(const Sid& sid, std::uint32_t mask) {
    Ace out{.type = ace_allow, .flags = 0, .bytes = {}, .grant = Grant{true, mask, false, sid}};
    const auto size = static_cast<std::uint16_t>(ace_head + mask_bytes + size_of(sid));
    out.bytes = little_bytes(out.type) + little_bytes(out.flags) + little_bytes(size);
    out.bytes += little_bytes(mask) + sid_bytes(sid);
    return out;
}

std::size_t size_of(const Acl& acl) {
    std::size_t out = acl_head + acl.slack.size();
    for (const Ace& ace : acl.entries) out += ace.bytes.size();
    return out;
}

Result<Descriptor> parse_descriptor(std::string_view bytes) {
    if (bytes.size() < descriptor_head) return broken("it is cut short");
    if (bytes.size() > most_descriptor_bytes) return broken("it is longer than the attribute may be");
    if (bytes[0] != 1) return broken("it is not of revision 1");
    Descriptor out;
    out.sbz1 = little<std::uint8_t>(bytes, 1);
    out.control = little<std::uint16_t>(bytes, 2);
    if ((out.control & control_self_relative) == 0) return broken("it is not self-relative");
    const auto places = read_places(bytes, out.control);
    if (!places) return tl::unexpected(places.error());
    std::size_t at = descriptor_head;
    const auto gap_until = [&](std::size_t end) {
        if (end > at) out.pieces.push_back({Part::gap, std::string(bytes.substr(at, end - at))});
    };
    for (const Place& place : *places) {
        if (place.offset < at) return broken("two of its parts overlap");
        gap_until(place.offset);
        const auto size = read_part(place.part, bytes.substr(place.offset), out);
        if (!size) return tl::unexpected(size.error());
        out.pieces.push_back(
            {place.part, place.part == Part::dacl ? std::string() : std::string(bytes.substr(place.offset, *size))});
        at = place.offset + *size;
    }
    gap_until(bytes.size());
    return out;
}

Result<std::string> descriptor_bytes(const Descriptor& descriptor) {
    if (descriptor.dacl && (size_of(*descriptor.dacl) > most_acl_bytes))
        return fail(Code::refused, "an access list holds 64 KiB, about 1800 entries: name a group instead");
    std::array<std::uint32_t, offsets.size()> where{};
    std::string body;
    for (const Descriptor::Piece& piece : descriptor.pieces) {
        for (std::size_t i = 0; i < offsets.size(); ++i)
            if (offsets[i].first == piece.part) where[i] = static_cast<std::uint32_t>(descriptor_head + body.size());
        body += piece.part == Part::dacl && descriptor.dacl ? acl_bytes(*descriptor.dacl) : piece.bytes;
    }
    std::string out = {1, static_cast<char>(descriptor.sbz1)};
    out += little_bytes(descriptor.control);
    for (const std::uint32_t offset : where) out += little_bytes(offset);
    if (descriptor_head + body.size() > most_descriptor_bytes)
        return fail(Code::refused, "a security descriptor holds 132096 bytes in this attribute: name a group instead");
    return out + body;
}

}  // namespace fairway::ldap
