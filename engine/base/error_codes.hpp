// Which error codes does a text hold? Windows writes one code in many ways: 0x8009030E, 8009030E, 2148074254,
// -2146893042,
// %%2148074254. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fairway {

// In the order in which they stand, each once. What is in quotes is a name, and so is what a longer word holds. Without
// 0x, only codes that `is_known` count: other numbers are something else.
std::vector<std::uint32_t> codes_in(std::string_view text, bool (*is_known)(std::uint32_t code));

}  // namespace fairway
