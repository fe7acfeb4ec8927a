// What somebody must know before hosts use CredSSP: who gets whose credentials, where Credential Guard makes it
// useless, and where to sign on to start a move.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"

namespace fairway::report {

struct Exposed {
    std::string host;
    std::optional<bool> credential_guard;  // it runs there; empty: that could not be read

    friend bool operator==(const Exposed&, const Exposed&) = default;
};

// The hosts that the plan switches to CredSSP, in its order.
std::vector<Exposed> exposed(const Plan& plan, const Snapshot& snapshot);

std::string text(const std::vector<Exposed>& hosts, const Style& style);  // empty: there is none
Json json(const std::vector<Exposed>& hosts);

}  // namespace fairway::report
