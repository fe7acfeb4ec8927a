// The rollout and the run rules of a plan in its file, and the caller's flags over the policy's: they can only be
// stricter.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/fields.hpp"
#include "engine/base/json_fwd.hpp"
#include "engine/model/rollout.hpp"
#include "engine/model/run_rules.hpp"

namespace fairway {

Json to_json(const Rollout& rollout);
Rollout rollout_from(Fields fields);

Json to_json(const RunRules& rules);
RunRules run_rules_from(Fields fields);

Json to_json(const Then& then);
Then then_from(Fields fields);

// What a caller wants of the waves beside the policy.
struct RolloutFlags {
    std::int64_t canary = 0, pause_minutes = 0;  // 0: as the policy has it
    std::vector<Gate> gates = {};                // beside the policy's

    bool any() const { return canary > 0 || pause_minutes > 0 || !gates.empty(); }
};

// The caller's word over the policy's. Code::bad_input: it is less strict, the policy's canary names its hosts, there
// are no waves to pause between, or the policy has no `moves` for the gate trials; a window is another one than the
// policy's.
Result<Rollout> with_flags(std::optional<Rollout> rollout, const RolloutFlags& flags,
                           const std::optional<TrialMoves>& moves);
Result<RunRules> with_window(RunRules rules, std::string_view text);

}  // namespace fairway
