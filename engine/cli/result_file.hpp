// The file of --out: a result as a whole, in place of standard output.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

// Where the result of a command goes; empty: to standard output.
std::string result_file(const Request& request);

// Asked before the command begins, and as it ends. Code::bad_input: it is a device, a pipe or a folder, which is never
// written to. Code::storage: its folder takes no file.
Result<void> is_for_results(const std::string& path);

// Readers see the old content or the new one. A new file is for its owner alone.
Result<void> write_result(const std::string& path, std::string_view content);

}  // namespace fairway::cli
