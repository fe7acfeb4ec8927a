// The service principal names of an embedded estate: those that its computers' settings and other accounts say, and the
// names of HOST that every computer has from its join. Pure.
#pragma once

#include "engine/model/registered_names.hpp"
#include "providers/memory/world.hpp"

namespace fairway::memory {

Result<RegisteredNames> names_in(const World& world, const NameQuestion& question);

}  // namespace fairway::memory
