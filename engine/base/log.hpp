// What happens on the way, for people who look: to stderr, or into the file that they name (`-`: stdout). Its source
// alone includes spdlog. Callers never pass a secret; there is no level at which one would be printed.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::log {

enum class Level { trace, debug, info, warn, error, off };

// `file` empty: stderr; "-": stdout. Before the first call only warnings and errors are shown.
Result<void> open(Level level, const std::string& file);
Result<Level> parse_level(std::string_view text);

void debug(std::string_view text);
void info(std::string_view text);
void warn(std::string_view text);

}  // namespace fairway::log
