// Is the world still what a change of a plan was made from: the value that it begins with, and the reason for what it
// takes? In words for people, with the code that the run ends with. Pure; apply does the reading.
#pragma once

#include <optional>
#include <string>

#include "engine/model/plan.hpp"

namespace fairway {

// "computer HV01 delegation.services"
std::string in_words(const Address& address);

// Empty: the value is as the change expects it.
std::optional<Error> out_of_step(const Change& change, const Reading& now);

// Where the reason of what a change takes is read: computers that must still be gone. Empty: it needs none.
std::optional<Address> reason_for(const Change& change);

// Empty: the reason still holds. `vanished`: what is at that address now.
std::optional<Error> reason_gone(const Change& change, const Reading& vanished);

}  // namespace fairway
