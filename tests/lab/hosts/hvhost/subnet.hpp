// IPv4 and IPv6 subnets, compared as bits: "::0" and "::" are one network.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>

namespace lab {

struct Subnet {
    boost::asio::ip::address network;
    unsigned prefix = 0;

    [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;
};

// Nothing when the text is no address, the prefix too long, or host bits are set beyond it.
[[nodiscard]] std::optional<Subnet> parse_subnet(const std::string& network, unsigned prefix);

}  // namespace lab
