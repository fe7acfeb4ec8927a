// Whose computer is gone? The one judgement of what a list of delegation names: a finding of `fairway spn`, and what a
// policy takes away. Pure; knows no host and no rule.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/names/spn_index.hpp"

namespace fairway {

// Nobody in the forest holds the service's name or one that serves it, or is the computer that it names. Malformed
// names are never treated as gone.
bool is_vanished(const NameIndex& index, std::string_view service);

// Those of these classes, in whatever case; no classes: all of them.
Set of_classes(const Set& services, const Set& classes);

// The services of lists of delegation that have vanished, by host; hosts without any are left out.
std::map<std::string, Set> vanished(const RegisteredNames& names);

}  // namespace fairway
