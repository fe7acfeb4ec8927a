// Which TCP ports of a machine take a connection from here? All of one call are tried at once; a connection that comes
// about is closed without a byte. POSIX.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/model/sight.hpp"

namespace fairway::network {

inline constexpr std::chrono::seconds port_patience{3};  // longer without an answer is `silent`

// `machine`: a name or an address; in the order of `ports`. Every address of a name is tried, and the best answer of a
// port counts, as who connects takes the first address that answers.
std::vector<PortSeen> try_ports(const std::string& machine, std::span<const std::uint16_t> ports,
                                std::chrono::milliseconds patience = port_patience);

}  // namespace fairway::network
