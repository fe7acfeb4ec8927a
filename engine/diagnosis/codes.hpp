// Which codes does an event carry? Windows writes one code in many ways: 0x8009030E, 8009030E, 2148074254, -2146893042,
// %%2148074254. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/event.hpp"

namespace fairway {

// In the order in which they stand, each once. What is in quotes is a name, and so is what a longer word holds. Without 0x, only
// codes of the table count: other numbers are something else.
std::vector<std::uint32_t> codes_in(std::string_view text);

// Of its parameters, and of its message.
std::vector<std::uint32_t> codes_of(const Event& event);

// "0x8009030E (SEC_E_NO_CREDENTIALS)"
std::string show_code(std::uint32_t code);

}  // namespace fairway
