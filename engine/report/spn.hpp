// The service principal names of hosts, and what is wrong with them, as text and as JSON.
#pragma once

#include <string>

#include "engine/base/json_fwd.hpp"
#include "engine/names/spn_health.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

struct Spn {
    const NameHealth& health;
    const RegisteredNames& names;
};

std::string text(const Spn& spn, const Style& style);
Json json(const Spn& spn);

}  // namespace fairway::report
