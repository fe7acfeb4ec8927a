// One ordered pair of hosts: every condition with its evidence and what would fix it.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/paths/explain.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

std::string text(const Path& path, const Style& style);
Json json(const Path& path);

// Whether it matters where a move is started: of one path alone. Text only where it does.
std::string starts_text(const Path& path, const Style& style);
Json starts_json(const Path& path);

}  // namespace fairway::report
