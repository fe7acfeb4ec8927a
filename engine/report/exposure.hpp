// What somebody must know before hosts use CredSSP: who gets whose credentials, where Credential Guard makes it
// useless, and where to sign on to start a move.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"
#include "engine/report/style.hpp"
#include "engine/run/term.hpp"

namespace fairway::report {

struct Exposed {
    enum class How {
        switched,  // the plan switches it
        already,   // it uses CredSSP, and no break-glass run has to do with that
        open,      // the same, by a break-glass run that is not over
        left       // the policy does not switch it
    };
    std::string host;
    std::optional<bool> credential_guard;  // it runs there; empty: that could not be read
    How how = How::switched;
    std::string run = {};    // that opened it, or empty
    std::int64_t until = 0;  // its end; 0: no run opened it
    bool past = false;       // that end has come

    friend bool operator==(const Exposed&, const Exposed&) = default;
};

// The hosts that the plan switches to CredSSP, in its order; then the rest of those that were named, each of which ends
// otherwise than the plan's run, or not at all. `runs`: of break-glass.
std::vector<Exposed> exposed(const Plan& plan, const Snapshot& snapshot, const std::vector<std::string>& named = {},
                             const std::vector<Termed>& runs = {});

std::string text(const std::vector<Exposed>& hosts, const Style& style);  // empty: there is none
Json json(const std::vector<Exposed>& hosts);

}  // namespace fairway::report
