// In which waves a plan changes its hosts, as the policy says it, and what is due between two phases.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/trial_moves.hpp"

namespace fairway {

// How many hosts a wave takes of those that the plan changes.
struct WaveSize {
    enum class By { count, percent, rest };
    By by = By::rest;
    std::int64_t amount = 0;  // not of `rest`

    friend bool operator==(const WaveSize&, const WaveSize&) = default;
};

// The hosts of the first wave: so many, or those that are named or have the tag. Nothing of it: no canary.
struct Canary {
    std::int64_t count = 0;
    std::vector<std::string> hosts = {};
    std::string tag = {};

    bool any() const { return count > 0 || chosen(); }
    bool chosen() const { return !hosts.empty() || !tag.empty(); }
    friend bool operator==(const Canary&, const Canary&) = default;
};

// What must be so before the next phase begins, in the order in which it is looked at. run/GATES.md says how.
enum class Gate { replication, values, paths, idle, events, trials };
inline constexpr std::array all_gates = {Gate::replication, Gate::values, Gate::paths,
                                         Gate::idle,        Gate::events, Gate::trials};
std::string_view name(Gate gate);

// Those that a rollout has where nobody says: all but trial moves, which want a VM.
std::vector<Gate> usual_gates();

struct Rollout {
    enum class Per { estate, migration_domain };  // of which hosts a size is a share
    enum class Order { paths, name, migration_domain, tags };

    Canary canary = {};
    std::vector<WaveSize> waves = {};  // behind the canary; what they leave is a last wave
    Per per = Per::estate;
    Order order = Order::paths;
    std::vector<std::string> tags = {};       // Order::tags: hosts of the first tag come first
    std::int64_t pause_minutes = 0;           // after each wave
    std::vector<Gate> gates = usual_gates();  // behind each wave, after the pause; each once, in their order
    std::optional<TrialMoves> trials = {};    // what Gate::trials moves

    friend bool operator==(const Rollout&, const Rollout&) = default;
};

std::string_view name(Rollout::Per per);
std::string_view name(Rollout::Order order);

// What is due when a phase is done and before the next begins.
struct Then {
    bool directory = false;    // every domain controller has it, and hosts have forgotten the tickets that were refused
    std::int64_t minutes = 0;  // at least
    std::vector<Gate> gates = {};

    bool any() const { return directory || minutes > 0 || !gates.empty(); }
    friend bool operator==(const Then&, const Then&) = default;
};

}  // namespace fairway
