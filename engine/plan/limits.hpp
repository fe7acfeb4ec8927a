// Does a plan stay within its limits? Each row of model/limits is compared with what the plan uses; what somebody
// allowed once counts as well. Beside them stands the room that the directory has for a list. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/base/fields.hpp"
#include "engine/base/json_fwd.hpp"
#include "engine/model/inventory.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

// One sentence for each limit that the plan breaks, with the flag that allows it once, and for each list without room;
// empty: it may be written. A plan without limits of its own is held to the default ones, and so is one whose policy
// says nothing of a limit. A rollback is held to those that the policy states, and only if it says so (`rollbacks`).
// `more`: what is allowed beside what the plan has.
std::vector<std::string> breaches(const Plan& plan, const Inventory& inventory, std::span<const Allowance> more = {});
// Code::refused with those sentences, where there are any.
Result<void> within_limits(const Plan& plan, const Inventory& inventory, std::span<const Allowance> more = {});

// Those of `given` without which the plan would be beyond a limit.
std::vector<Allowance> needed(const Plan& plan, const Inventory& inventory, std::span<const Allowance> given);

// As plan files and the journal have them: [{"limit": "hosts", "value": "80%", "by": "anna"}], at the key "allowed".
Json to_json(const std::vector<Allowance>& allowed);
std::vector<Allowance> allowed_from(Fields& fields);

// One sentence for each list that the plan makes so long that its room comes to an end soon.
std::vector<std::string> crowded(const Plan& plan);

}  // namespace fairway
