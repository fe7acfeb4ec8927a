// The caller's flags over the policy's rollout. How it stands in the file: plan_file_test.
#include "engine/plan/rollout.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <utility>
#include <vector>

namespace fairway::rollout_test {

TEST_CASE("flags can only be stricter than the policy") {
    const auto with = [](std::optional<Rollout> rollout, const RolloutFlags& flags) {
        return with_flags(std::move(rollout), flags, std::nullopt);
    };
    CHECK(with(std::nullopt, {.canary = 2})->canary.count == 2);
    const Rollout policy{.canary = {.count = 3}, .waves = {{WaveSize::By::percent, 25}}, .pause_minutes = 10};
    CHECK(with(policy, {}) == policy);
    CHECK(with(policy, {.canary = 3, .pause_minutes = 10, .gates = policy.gates}) == policy);
    CHECK(with(policy, {.canary = 1})->canary.count == 1);
    CHECK(with(policy, {.canary = 1})->waves == policy.waves);
    CHECK_FALSE(with(policy, {.canary = 4}));
    CHECK_FALSE(with(Rollout{.canary = {.tag = "pilot"}}, {.canary = 1}));
    CHECK(with(policy, {.pause_minutes = 11})->pause_minutes == 11);
    CHECK_FALSE(with(policy, {.pause_minutes = 9}));
}

TEST_CASE("a flag adds a gate to the policy's, in the order of the gates") {
    const Rollout policy{.canary = {.count = 1}, .gates = {Gate::paths}};
    const auto with = [&](Gate gate, const std::optional<TrialMoves>& moves = {}) {
        return with_flags(policy, {.gates = {gate}}, moves);
    };
    CHECK(with(Gate::paths) == policy);
    CHECK(with(Gate::values)->gates == std::vector<Gate>{Gate::values, Gate::paths});
    CHECK_FALSE(with(Gate::trials));  // the policy moves no VM
    TrialMoves moves;
    moves.vms = {"canary"};
    CHECK(with(Gate::trials, moves)->trials == moves);
    CHECK_FALSE(with(Gate::values, moves)->trials);
}

TEST_CASE("a pause and a gate want waves") {
    CHECK_FALSE(with_flags(std::nullopt, {.pause_minutes = 5}, {}));
    CHECK_FALSE(with_flags(std::nullopt, {.gates = {Gate::events}}, {}));
    CHECK(with_flags(std::nullopt, {.canary = 1, .pause_minutes = 5}, {})->pause_minutes == 5);
}

}  // namespace fairway::rollout_test
