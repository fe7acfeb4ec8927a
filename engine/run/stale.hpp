// Is the world still what a change of a plan was made from? In words for people, with the code that the run ends with.
// Pure; apply does the reading. What the change rests on besides: plan/premises.
#pragma once

#include <optional>
#include <string>

#include "engine/model/plan.hpp"

namespace fairway {

// "computer HV01 delegation.services"
std::string in_words(const Address& address);

// Empty: the value is as the change expects it.
std::optional<Error> out_of_step(const Change& change, const Reading& now);

}  // namespace fairway
