// Would this command write over a file that it reads, or that the program keeps? Asked before anything begins.
#pragma once

#include "engine/base/error.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

// Code::bad_input: a file that an option has written is another file of the command as well, whatever its names are.
Result<void> files_are_apart(const Request& request);

}  // namespace fairway::cli
