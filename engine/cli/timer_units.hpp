// The systemd units that run `fairway expire` every minute, as text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"

namespace fairway::cli {

struct TimerPlace {
    std::string estate;
    std::string program, inventory, store, folder;  // absolute; the folder in which they were named
    std::string user;
    std::vector<std::pair<std::string, std::string>> variables;  // no secrets: anybody may read a unit
    bool confined = true;  // false: it starts a program for a password, and nobody knows what that needs
};

struct Unit {
    std::string name, text;
};
// The service and its timer. Code::bad_input: a path or a name cannot stand in a unit.
Result<std::vector<Unit>> timer_units(const TimerPlace& place);

}  // namespace fairway::cli
