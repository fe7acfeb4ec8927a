// The lab's own paths below /lab/, which no Windows host has: counters, and the hand of a third party.
#pragma once

#include <string>

#include "host.hpp"
#include "wsman.hpp"

namespace lab {

// GET /lab/requests and /lab/log, POST /lab/reset and the rest of the table in CONTROLS.md.
[[nodiscard]] Reply control(Host& host, const std::string& path, const std::string& body);

// POST /lab/migrate/offer and /lab/migrate/machine, spoken by the other hosts on the migration port.
[[nodiscard]] Reply migrate(Host& host, const Caller& caller, const std::string& path, const std::string& body);

}  // namespace lab
