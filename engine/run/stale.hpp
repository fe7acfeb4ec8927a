// Is the world still what a change of a plan was made from? In words for people, with the code that the run ends with.
// Pure; apply does the reading. What the change rests on besides: plan/premises.
#pragma once

#include <optional>
#include <string>

#include "engine/model/plan.hpp"

namespace fairway {

// "computer HV01 delegation.services"
std::string in_words(const Address& address);

// Empty: the change can be made. A scalar must be what the plan saw; of a set, what the change adds must be missing and
// what it takes must be there, whatever else others have added or taken.
std::optional<Error> out_of_step(const Change& change, const Reading& now);

// What others did with the rest of a set since; empty: nothing. Precondition: not out of step, or torn.
std::string moved(const Change& change, const Value& held);

}  // namespace fairway
