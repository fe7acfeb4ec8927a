// To which addresses does the resolver of this machine lead a name, and to which names do they lead back? The library
// has deadlines of its own, which nobody can cut short. POSIX.
#pragma once

#include <string>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/sight.hpp"

namespace fairway::network {

inline constexpr std::size_t most_addresses = 16;  // of a name; more are left out

// As numbers, each once, in the resolver's order; an address is its own. Code::not_found: the name has none.
// Code::unreachable: the resolver does not answer.
Result<std::vector<std::string>> addresses_of(const std::string& name);

// A name without an address is an answer here. An address that leads back to no name adds none.
Result<NameSeen> resolve(const std::string& name);

}  // namespace fairway::network
