// See subnet.hpp. POSIX: inet_pton and inet_ntop.
#include "engine/base/subnet.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

int bits(const IpAddress& address) { return address.v6 ? 128 : 32; }

// The address with every bit beyond `prefix` cleared.
IpAddress masked(IpAddress address, int prefix) {
    for (int i = 0; i < 16; ++i) {
        const int keep = prefix - 8 * i;
        auto& byte = address.bytes[static_cast<std::size_t>(i)];
        if (keep <= 0) byte = 0;
        else if (keep < 8) byte = static_cast<std::uint8_t>(byte & (0xff00 >> keep));
    }
    return address;
}

}  // namespace

std::optional<IpAddress> parse_address(std::string_view text) {
    // inet_pton reads as far as a NUL and would not see what stands behind it.
    if (text.size() > 45 || text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::string copy(text);
    IpAddress out;
    if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1) return out;
    out.v6 = true;
    if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1) return out;
    return std::nullopt;
}

std::optional<Subnet> parse_subnet(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = parse_address(text.substr(0, slash));
    if (!base) return std::nullopt;
    const auto prefix = slash == text.npos ? bits(*base) : text::number<int>(text.substr(slash + 1));
    if (!prefix || *prefix < 0 || *prefix > bits(*base) || masked(*base, *prefix) != *base) return std::nullopt;
    return Subnet{*base, static_cast<std::uint8_t>(*prefix)};
}

std::string show(const IpAddress& address) {
    char buffer[INET6_ADDRSTRLEN] = {};
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), buffer, sizeof buffer);
    return buffer;
}

std::string show(const Subnet& subnet) { return fmt::format("{}/{}", show(subnet.base), subnet.prefix); }

bool is_own(const IpAddress& address) {
    if (!address.v6 && address.bytes[0] == 127) return true;
    const auto last = address.bytes.begin() + (address.v6 ? 15 : 4);
    const bool zero = std::all_of(address.bytes.begin(), last, [](std::uint8_t byte) { return byte == 0; });
    return zero && (!address.v6 || *last <= 1);
}

bool is_link_local(const IpAddress& address) {
    const auto& bytes = address.bytes;
    return address.v6 ? bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80 : bytes[0] == 169 && bytes[1] == 254;
}

bool contains(const Subnet& subnet, const IpAddress& address) {
    return subnet.base.v6 == address.v6 && masked(address, subnet.prefix) == subnet.base;
}

}  // namespace fairway
