// Is what a run wrote still there? What verify reads; the trial moves that it makes are trials.hpp.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"
#include "engine/provider.hpp"

namespace fairway {

// The readings of every address that a question is about.
Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress = {});

}  // namespace fairway
