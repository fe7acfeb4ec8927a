// The rollout of a plan in its file, and the caller's flags over the policy's: they can only be stricter.
#pragma once

#include <optional>

#include "engine/base/fields.hpp"
#include "engine/base/json_fwd.hpp"
#include "engine/model/rollout.hpp"

namespace fairway {

Json to_json(const Rollout& rollout);
Rollout rollout_from(Fields fields);

Json to_json(const Then& then);
Then then_from(Fields fields);

// Code::bad_input: the policy's canary is smaller, or names its hosts.
Result<Rollout> with_canary(std::optional<Rollout> rollout, std::int64_t count);

}  // namespace fairway
