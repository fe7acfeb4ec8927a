// Why does a run begin nothing more, although changes are left?
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

struct Stop {
    enum class Reason {
        asked,    // Ctrl-C, SIGTERM
        window,   // its end came, or too little of it is left
        waiting,  // what is due between two phases did not come
        gate,     // one was not passed
        failure,  // more hosts failed than are borne, or a write is in doubt
        unheard,  // standard output was closed before the first write
    };
    Reason reason{};
    Error why;
};
std::string_view name(Stop::Reason reason);

// By when the next phase has to begin, in seconds since 1970, so that it and undoing everything fit into the window.
using Latest = std::int64_t;
inline constexpr Latest any_time = std::numeric_limits<Latest>::max();

// It would begin too late, because of that.
Stop too_late(const std::string& because, Latest latest);

}  // namespace fairway
