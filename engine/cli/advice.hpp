// A command that a text advises works when it is copied: it names the same policy, inventory, journal and config as the
// command that printed it, where these were typed. What came from a config or a variable still holds.
#pragma once

#include <string>
#include <string_view>

#include "engine/cli/options.hpp"

namespace fairway::cli {

// The text with every `fairway COMMAND` in it completed, whoever wrote it.
std::string completed(std::string_view text, const Request& request);

// A file's name or another argument as one word of a shell's command line, and never as an option of ours. All of it
// can be seen: what is no plain character is made by printf.
std::string argument_word(std::string_view value);

}  // namespace fairway::cli
