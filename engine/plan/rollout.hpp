// The rollout and the run rules of a plan in its file, and the caller's flags over the policy's: they can only be
// stricter.
#pragma once

#include <optional>

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

// Code::bad_input: the policy's canary is smaller, or names its hosts.
Result<Rollout> with_canary(std::optional<Rollout> rollout, std::int64_t count);

// The caller's word over the policy's. Code::bad_input: it is less strict; a window is another one than the policy's.
Result<RunRules> with_window(RunRules rules, std::string_view text);

}  // namespace fairway
