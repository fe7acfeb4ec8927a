// Can the source reach an address on which the destination listens, from an address of its own? The path condition
// `network`, which looks at both ends: where an end listens are also the addresses from which it would send.
#pragma once

#include <string>

#include "engine/model/snapshot.hpp"
#include "engine/paths/conditions.hpp"

namespace fairway {

PathState network_state(const End& from, const End& to);
std::string network_evidence(const End& from, const End& to);
Address network_fix(const End& from, const End& to);

}  // namespace fairway
