// Why does a run begin nothing more, although changes are left?
#pragma once

#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

struct Stop {
    enum class Reason {
        asked,    // Ctrl-C, SIGTERM, nobody listens
        window,   // its end came, or too little of it is left
        waiting,  // what is due between two phases did not come
        gate,     // one was not passed
        failure,  // more hosts failed than are borne, or a write is in doubt
    };
    Reason reason{};
    Error why;
};
std::string_view name(Stop::Reason reason);

}  // namespace fairway
