// See sid.hpp.
#include "providers/ldap/identity/sid.hpp"

#include <fmt/format.h>
#include <optional>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/ldap/identity/bytes.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t sid_head = 8, most_parts = 15;
constexpr std::uint64_t first_hexadecimal = std::uint64_t{1} << 32;

// The whole text as a number in its shortest form.
std::optional<std::uint32_t> decimal(std::string_view text) {
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return text::number<std::uint32_t>(text);
}

std::optional<std::uint64_t> authority(std::string_view text) {
    if (!text.starts_with("0x")) return decimal(text);
    const auto value = text::number<std::uint64_t>(text.substr(2), 16);
    if (text.size() != 14 || !value || *value < first_hexadecimal) return std::nullopt;
    return value;
}

}  // namespace

std::size_t size_of(const Sid& sid) { return sid_head + 4 * sid.parts.size(); }

// MS-DTYP 2.4.2.2: revision, count, six bytes of authority in network order, sub authorities in little-endian.
Result<Sid> sid_at_front(std::string_view bytes) {
    if (bytes.size() < sid_head) return fail(Code::protocol, "a security identifier is cut short");
    if (bytes[0] != 1) return fail(Code::protocol, "a security identifier is not of revision 1");
    const std::size_t count = static_cast<unsigned char>(bytes[1]);
    if (count == 0 || count > most_parts)
        return fail(Code::protocol, fmt::format("a security identifier has {} sub authorities, not 1 to 15", count));
    if (bytes.size() < sid_head + 4 * count) return fail(Code::protocol, "a security identifier is cut short");
    Sid out;
    for (std::size_t i = 2; i < sid_head; ++i)
        out.authority = out.authority << 8 | static_cast<unsigned char>(bytes[i]);
    for (std::size_t i = 0; i < count; ++i) out.parts.push_back(little<std::uint32_t>(bytes, sid_head + 4 * i));
    return out;
}

Result<Sid> parse_sid(std::string_view bytes) {
    auto out = sid_at_front(bytes);
    if (out && size_of(*out) != bytes.size())
        return fail(Code::protocol, "a security identifier has more bytes than it says");
    return out;
}

std::string sid_bytes(const Sid& sid) {
    std::string out = {1, static_cast<char>(sid.parts.size())};
    for (int shift = 40; shift >= 0; shift -= 8) out += static_cast<char>(sid.authority >> shift & 0xFF);
    for (const std::uint32_t part : sid.parts) out += little_bytes(part);
    return out;
}

Result<Sid> parse_sid_text(std::string_view text) {
    const auto broken = [&] {
        return fail(Code::bad_input, fmt::format("`{}` is no security identifier; one looks like S-1-5-21-…-1104",
                                                 text::printable(text::whole(text, 200))));
    };
    const auto fields = text::split(text, '-');
    if (fields.size() < 4 || fields.size() > 3 + most_parts || fields[0] != "S" || fields[1] != "1") return broken();
    const auto first = authority(fields[2]);
    if (!first) return broken();
    Sid out{*first, {}};
    for (std::size_t i = 3; i < fields.size(); ++i) {
        const auto part = decimal(fields[i]);
        if (!part) return broken();
        out.parts.push_back(*part);
    }
    return out;
}

std::string show_sid(const Sid& sid) {
    std::string out = sid.authority < first_hexadecimal ? fmt::format("S-1-{}", sid.authority)
                                                        : fmt::format("S-1-0x{:012x}", sid.authority);
    for (const std::uint32_t part : sid.parts) out += fmt::format("-{}", part);
    return out;
}

std::optional<std::uint32_t> rid_of(const Sid& sid) {
    constexpr std::uint32_t of_a_domain = 21;
    if (sid.authority != 5 || sid.parts.size() != 5 || sid.parts.front() != of_a_domain) return std::nullopt;
    return sid.parts.back();
}

}  // namespace fairway::ldap
