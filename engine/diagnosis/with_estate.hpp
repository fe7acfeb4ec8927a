// What does the estate itself say about causes? A closed condition of a path is a cause; where events tell only the
// family, it is the member that is meant. Pure.
#pragma once

#include <span>

#include "engine/diagnosis/diagnose.hpp"
#include "engine/paths/explain.hpp"

namespace fairway {

// `paths`: those that were read, of the pairs of the diagnosis or that were asked about.
Diagnosis with_estate(Diagnosis diagnosis, std::span<const Path> paths);

}  // namespace fairway
