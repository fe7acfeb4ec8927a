// Which rules of a policy ask for what they themselves forbid, whatever the estate is? Between rules that depends on
// the hosts that they select, and desire says it. Pure.
#pragma once

#include "engine/model/policy.hpp"

namespace fairway {

Diagnostics contradictions(const Policy& policy);

}  // namespace fairway
