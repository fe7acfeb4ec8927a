// Does a premise still hold, and if not, what is said and with which code does the run end? Pure; a row for each fact
// that values rest on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/premise.hpp"

namespace fairway {

// The facts that have a row.
std::vector<const Setting*> premise_facts();

// Empty: it holds. Unreadable is not holding: what cannot be known is not relied on.
std::optional<Error> broken(const Premise& premise, const Reading& now);

// What a change to this object rests on, with the words that the fact's row has for it.
Premise premise(std::string object, const Setting& fact, Held holds);

}  // namespace fairway
