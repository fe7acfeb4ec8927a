// Does it matter where a move is started? From here it is a network logon at the source, which brings no credentials to
// pass on; whoever is signed on at the source has them. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/paths/conditions.hpp"

namespace fairway {

struct StartPoint {
    std::string_view name;  // for scripts: "here", "source"
    PathState state{};
    std::string why;  // a clause: what decides
};

// From here, and by somebody signed on at the source. That protocol transition does not matter to the latter is of
// README.md, "Start points".
std::vector<StartPoint> start_points(const End& from, const End& to);

}  // namespace fairway
