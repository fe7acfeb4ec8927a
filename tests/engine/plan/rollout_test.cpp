// The caller's flags over the policy's rollout. How it stands in the file: plan_file_test.
#include "engine/plan/rollout.hpp"

#include <doctest/doctest.h>

using namespace fairway;

TEST_CASE("--canary can only be stricter than the policy") {
    CHECK(with_canary(std::nullopt, 2)->canary.count == 2);
    const Rollout policy{.canary = {.count = 3}, .waves = {{WaveSize::By::percent, 25}}};
    CHECK(with_canary(policy, 3) == policy);
    CHECK(with_canary(policy, 1)->canary.count == 1);
    CHECK(with_canary(policy, 1)->waves == policy.waves);
    CHECK_FALSE(with_canary(policy, 4));
    CHECK_FALSE(with_canary(Rollout{.canary = {.tag = "pilot"}}, 1));
}
