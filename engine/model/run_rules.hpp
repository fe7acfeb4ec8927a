// How a run is made, whichever changes it makes: when, how many hosts may fail, and what then.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/model/window.hpp"

namespace fairway {

// How much of something: a count, a share, or both, and then both hold. Empty: nobody says, and the default counts.
struct Amount {
    std::optional<std::int64_t> count = {}, percent = {};

    bool any() const { return count || percent; }
    friend bool operator==(const Amount&, const Amount&) = default;
};

// What follows when a failure, a gate or the window ends a run.
enum class OnFailure { stop, rollback, ask };  // ask: at a terminal, and stop where nobody answers
std::string_view name(OnFailure on_failure);

struct RunRules {
    std::optional<Window> window = {};  // nothing begins outside of it
    Amount max_failures = {};  // of the hosts of each phase: so many failed hosts end the run; empty: the first
    std::optional<OnFailure> on_failure = {};  // empty: stop

    bool any() const { return window || max_failures.any() || on_failure; }
    friend bool operator==(const RunRules&, const RunRules&) = default;
};

}  // namespace fairway
