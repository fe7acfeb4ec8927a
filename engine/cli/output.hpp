// Standard output: is it there, and does anybody hear us? Asked before anything is changed, so that no run is made of
// which nobody learns. POSIX.
#pragma once

#include "engine/base/error.hpp"

namespace fairway::cli {

// Fills the places of standard descriptors that the caller closed: a file of ours that was opened there would be
// printed into. What is printed to a closed output is lost with an error, as before.
void fill_standard_descriptors();

// Error: closed, only to be read, full, or a pipe that nobody reads any more; or what was printed is lost already.
Result<void> output_works();

bool output_has_room();  // room.hpp

}  // namespace fairway::cli
