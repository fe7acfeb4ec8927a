// IP addresses and subnets as values: parsed once, compared as bytes, written in one form (RFC 5952 for
// IPv6). Text that differs only in spelling ("::0/0" and "::/0") is the same subnet.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fairway {

struct IpAddress {
    bool v6 = false;
    std::array<std::uint8_t, 16> bytes{};  // network order; IPv4 uses the first four
    auto operator<=>(const IpAddress&) const = default;
};

struct Subnet {
    IpAddress base;           // bits beyond the prefix are zero
    std::uint8_t prefix = 0;  // 0..32 or 0..128
    auto operator<=>(const Subnet&) const = default;
};

std::optional<IpAddress> parse_address(std::string_view text);  // no zone, no brackets
// "address/prefix"; without a prefix the whole address. Empty when host bits are set beyond the prefix.
std::optional<Subnet> parse_subnet(std::string_view text);

std::string show(const IpAddress& address);
std::string show(const Subnet& subnet);

bool is_own(const IpAddress& address);         // loopback or unspecified: no other host is reached by it
bool is_link_local(const IpAddress& address);  // fe80::/10 or 169.254.0.0/16 (APIPA)
bool contains(const Subnet& subnet, const IpAddress& address);

}  // namespace fairway
