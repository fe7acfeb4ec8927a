// What a fault of service principal names means and what a person can do about it. Words only; decides nothing.
#pragma once

#include "engine/names/spn_health.hpp"

namespace fairway {

// "not unique", as a heading has it.
std::string_view fault_words(NameFault fault);

// Fills because, advice and commands from the rest; `reach`: "the forest", or what of it was searched.
void explain(NameFinding& finding, std::string_view reach);

}  // namespace fairway
