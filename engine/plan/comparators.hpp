// When does a value satisfy a want, and what is the smallest change that makes it so? Pure.
// Every comparator of policies is a pair of bounds: at least this, at most that (`without` and `vanished` are upper
// bounds that are defined by what they forbid). So one rule answers both questions for all of them, and says whether
// two wants can be true together.
#pragma once

#include <optional>

#include "engine/model/want.hpp"

namespace fairway {

bool satisfied(const Setting& setting, const Want& want, const Value& held);

// What the address should hold instead; keeps everything that the want does not name, in the spelling in
// which it is held. Empty: a restore that somebody else's change forbids. Precondition: not satisfied.
std::optional<Value> remedy(const Setting& setting, const Want& want, const Value& held);

// Does it put elements into a set?
bool demands(const Want& want);

// Can one value satisfy both? Two rules that cannot agree are an error of the policy. What has vanished is not known
// beforehand, so that agrees with everything; where it comes to it, judge spares what another rule demands.
bool agree(const Setting& setting, const Want& a, const Want& b);

// The elements of a set that its upper bound excludes: those that are not in the operand, or, for `without`, those that
// fit one of its patterns, or, for `vanished`, those that are in the operand.
Set beyond(const Setting& setting, const Want& want, const Set& held);

// "at least 2", "including …", for people.
std::string show(const Setting& setting, const Want& want);

}  // namespace fairway
