// Which codes does an event carry, and what are they called? Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model/event.hpp"

namespace fairway {

// Of its parameters and of its message, each once.
std::vector<std::uint32_t> codes_of(const LogEvent& event);

// "0x8009030E (SEC_E_NO_CREDENTIALS)"
std::string show_code(std::uint32_t code);

}  // namespace fairway
