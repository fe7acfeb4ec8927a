// Where does a library read hostile bytes that nobody here wrote and that is known to err? In a child process that can
// compute and write to us: it opens nothing, speaks to nobody and starts nothing, so that what takes it over has gained
// nothing. POSIX, Linux.
#pragma once

#include <functional>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

// `work` runs in a copy of this process that has no open file but the one that it writes to. `take` gets what it
// writes, as it comes, and ends it with false. Code::bad_input: it did not come to its end; it has a minute of a
// processor and a gigabyte.
Result<void> run_confined(const std::function<void(int out)>& work,
                          const std::function<bool(std::string_view piece)>& take);

}  // namespace fairway
