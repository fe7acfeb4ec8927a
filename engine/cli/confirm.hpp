// Asks the person at the terminal whether to go on.
#pragma once

#include <optional>
#include <string>

#include "engine/cli/answer.hpp"
#include "engine/cli/options.hpp"

namespace fairway::cli {

// True without asking: for --yes, and where nobody is there to be asked (stdin or stderr is no terminal).
bool confirmed(const Request& request, const Stage& stage, const std::string& question);

// For what nobody has reviewed before: where nobody is there to be asked, only --yes is a yes. Code::refused otherwise.
Result<void> expressly(const Request& request, const Stage& stage, const std::string& question);

// Empty: nobody is there to be asked, or nobody answered in that time.
std::optional<bool> answered_within(const Stage& stage, const std::string& question, int seconds);

}  // namespace fairway::cli
