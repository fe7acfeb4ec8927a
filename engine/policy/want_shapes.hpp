// What may stand behind a setting's name in a rule: a value, or comparators with their operands. Made from
// the catalogue's rows, so a new row has its place in the policy language at once.
#pragma once

#include "engine/model/setting.hpp"
#include "engine/policy/shape.hpp"

namespace fairway {

// The map from settings to what is wanted of them.
const Shape& want_shape();

// The names of the settings that can be wanted, in the catalogue's order.
std::span<const std::string_view> managed_settings();

inline constexpr std::string_view present_word = "present";    // of spn.migration: the host's own names
inline constexpr std::string_view vanished_word = "vanished";  // of delegation.services: whose computers are gone
inline constexpr std::string_view peers_word = "peers";        // of delegation.allowed_principals: the peers' accounts
inline constexpr std::string_view hosts_word = row_of(fairway::Kind::host).section;
inline constexpr std::string_view computers_word = row_of(fairway::Kind::computer).section;

}  // namespace fairway
