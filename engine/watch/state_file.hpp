// The state of `watch` as the text of its file, and back: strictly, because an alarm that was told must not be told
// again, and one that was not must be.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/watch/state.hpp"

namespace fairway::watch {

inline constexpr std::size_t most_state_bytes = 512u << 20;

std::string print_state(const State& state);
Result<State> read_state(std::string_view text);  // Code::storage

// What one audit saw, between the process that audits and the one that keeps the state.
Json seen_json(const Seen& seen);
Result<Seen> read_seen(const Json& json);

}  // namespace fairway::watch
