// See guid.hpp.
#include "providers/ldap/identity/guid.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"

namespace fairway::ldap {
namespace {

// Where the bytes stand in the text, two digits each: the first three fields turn round. A 16 is a dash.
constexpr std::array<std::size_t, 20> order = {3, 2, 1, 0, 16, 5, 4, 16, 7, 6, 16, 8, 9, 16, 10, 11, 12, 13, 14, 15};
constexpr std::size_t dash = 16;

}  // namespace

Result<Guid> parse_guid(std::string_view bytes) {
    Guid out;
    if (bytes.size() != out.bytes.size())
        return fail(Code::protocol, fmt::format("a GUID of {} bytes, not 16", bytes.size()));
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
    return out;
}

Result<Guid> parse_guid_text(std::string_view text) {
    const auto broken = [&] {
        return fail(Code::protocol, fmt::format("`{}` is no GUID", text::printable(text::whole(text, 60))));
    };
    constexpr std::size_t length = 36;
    if (text.size() != length) return broken();
    Guid out;
    std::size_t at = 0;
    for (const std::size_t place : order) {
        if (place == dash) {
            if (text[at++] != '-') return broken();
            continue;
        }
        const int high = text::hex_digit(text[at]), low = text::hex_digit(text[at + 1]);
        if (high < 0 || low < 0) return broken();
        out.bytes[place] = static_cast<unsigned char>(high * 16 + low);
        at += 2;
    }
    return out;
}

std::string show_guid(const Guid& guid) {
    std::string out;
    for (const std::size_t place : order)
        if (place == dash) out += '-';
        else out += fmt::format("{:02x}", guid.bytes[place]);
    return out;
}

}  // namespace fairway::ldap
