// Why did one move fail that we made ourselves? What of its path is closed, what its job said, and what both hosts
// logged, together. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/diagnosis/diagnose.hpp"
#include "engine/paths/explain.hpp"

namespace fairway {

struct FailedMove {
    Path path;          // as it was read before the move
    std::string error;  // of the job, or of the request for it
    std::vector<LogEvent> events;
};

struct WhyFailed {
    std::vector<Condition> closed;
    std::optional<std::uint32_t> code;  // of the error: the first that tells a cause, or the first that is known
    std::vector<Cause> causes;          // the likeliest first
    std::vector<LogEvent> events;       // that tell of something wrong
};

WhyFailed why_failed(FailedMove move);

}  // namespace fairway
