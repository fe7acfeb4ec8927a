// See ping.hpp. Fact: LDAP-33.
#include "providers/ldap/controller/ping.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <optional>

#include "engine/base/text.hpp"
#include "providers/ldap/identity/bytes.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t largest_pong = 4096;
constexpr std::size_t pong_head = 24;                         // operation, zero, flags, the domain's GUID
constexpr std::size_t tail = 8;                               // version, two tokens
constexpr std::size_t longest_name = 255;                     // RFC 1035 2.3.4
constexpr std::uint16_t response_ex = 23;                     // LOGON_SAM_LOGON_RESPONSE_EX, MS-ADTS 6.3.1.3
constexpr std::uint32_t version_5 = 0x2, version_5_ex = 0x4;  // MS-ADTS 6.3.1.1

tl::unexpected<Error> broken_pong(std::string_view what) {
    return fail(Code::protocol, fmt::format("the answer to an LDAP ping {}", what));
}

// Names that share their ends (RFC 1035 4.1.4): lengths and labels up to a zero, or a pointer to where the rest stood
// before. A pointer leads back beyond all that was read of its name so far, so there is an end to it.
class Names {
public:
    explicit Names(std::string_view bytes) : bytes_(bytes) {}

    std::size_t position() const { return next_; }

    std::optional<std::string> read() {
        std::string out;
        std::size_t at = next_, earliest = next_;
        bool led_away = false;
        for (;;) {
            if (at >= bytes_.size()) return std::nullopt;
            const auto size = static_cast<unsigned char>(bytes_[at]);
            if (size >= 0xC0) {
                if (at + 1 >= bytes_.size()) return std::nullopt;
                const std::size_t to = (size & 0x3Fu) << 8 | static_cast<unsigned char>(bytes_[at + 1]);
                if (to < pong_head || to >= earliest) return std::nullopt;
                if (!led_away) next_ = at + 2;
                led_away = true;
                at = earliest = to;
                continue;
            }
            if (size >= 0x40) return std::nullopt;
            if (size == 0) break;
            const std::string_view label = bytes_.substr(at + 1, size);
            if (label.size() < size || label.find('.') != std::string_view::npos) return std::nullopt;
            if (!out.empty()) out += '.';
            out += label;
            if (out.size() > longest_name) return std::nullopt;
            at += 1u + size;
        }
        if (!led_away) next_ = at + 1;
        return text::is_clean_line(out) ? std::optional(std::move(out)) : std::nullopt;
    }

private:
    std::string_view bytes_;
    std::size_t next_ = pong_head;
};

}  // namespace

Filter ping_of(std::string_view domain) {
    return Filter::all_of({Filter::equal("DnsDomain", domain),
                           Filter::equal_bytes("NtVer", little_bytes<std::uint32_t>(version_5 | version_5_ex))});
}

Result<Pong> parse_pong(std::string_view bytes) {
    if (bytes.size() < pong_head + tail || bytes.size() > largest_pong) return broken_pong("is of no such size");
    if (const auto operation = little<std::uint16_t>(bytes, 0); operation != response_ex)
        return broken_pong(fmt::format("is of another kind ({})", operation));
    if (little<std::uint16_t>(bytes, 2) != 0) return broken_pong("is of a kind that is not known");
    Names names(bytes);
    Pong out;
    for (std::string* name : {&out.forest, &out.domain, &out.host, &out.short_domain, &out.short_host, &out.user,
                              &out.host_site, &out.our_site}) {
        auto read = names.read();
        if (!read) return broken_pong("has a name that cannot be read");
        *name = std::move(*read);
    }
    // What comes between was not asked for, and may come all the same: an address, the next site.
    if (bytes.size() < names.position() + tail || !bytes.ends_with("\xff\xff\xff\xff"))
        return broken_pong("has another end than it should");
    return out;
}

}  // namespace fairway::ldap
