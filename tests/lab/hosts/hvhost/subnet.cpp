// Subnets as bytes, most significant bit first.
#include "subnet.hpp"

#include <cstdint>
#include <vector>

namespace lab {
namespace {

using boost::asio::ip::address;

std::vector<std::uint8_t> bytes_of(const address& from) {
    if (from.is_v4()) {
        const auto bytes = from.to_v4().to_bytes();
        return {bytes.begin(), bytes.end()};
    }
    const auto bytes = from.to_v6().to_bytes();
    return {bytes.begin(), bytes.end()};
}

bool bit(const std::vector<std::uint8_t>& bytes, unsigned at) { return ((bytes[at / 8] >> (7 - at % 8)) & 1U) != 0; }

}  // namespace

bool Subnet::contains(const address& other) const {
    if (other.is_v4() != network.is_v4()) return false;
    const auto ours = bytes_of(network);
    const auto theirs = bytes_of(other);
    for (unsigned at = 0; at < prefix; ++at) {
        if (bit(ours, at) != bit(theirs, at)) return false;
    }
    return true;
}

std::optional<Subnet> parse_subnet(const std::string& network, unsigned prefix) {
    boost::system::error_code wrong;
    const auto parsed = boost::asio::ip::make_address(network, wrong);
    if (wrong) return std::nullopt;
    const auto bytes = bytes_of(parsed);
    const auto bits = static_cast<unsigned>(bytes.size() * 8);
    if (prefix > bits) return std::nullopt;
    for (unsigned at = prefix; at < bits; ++at) {
        if (bit(bytes, at)) return std::nullopt;
    }
    return Subnet{parsed, prefix};
}

}  // namespace lab
