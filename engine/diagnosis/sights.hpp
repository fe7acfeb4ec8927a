// What does it mean for moves what was seen of ports, clocks, names, tickets and accounts? Each thing that was looked
// at is a check; one that is bad is a cause, too, or speaks for one that is there. Pure.
#pragma once

#include "engine/diagnosis/diagnose.hpp"
#include "engine/model/sight.hpp"

namespace fairway {

// The causes and checks of `sights` added to a diagnosis that events and the estate made.
Diagnosis with_sights(Diagnosis diagnosis, const Sights& sights);

// What may close a path and was not looked at, as only settings were read.
Diagnosis without_sights(Diagnosis diagnosis);

// "10 min 2 s", for people; of a time that is not negative.
std::string time_in_words(std::int64_t ms);

}  // namespace fairway
