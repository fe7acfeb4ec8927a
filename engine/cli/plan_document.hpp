// A plan file as commands get it: read, and held against the inventory and the policy that it should be of.
#pragma once

#include <optional>
#include <string>

#include "engine/cli/documents.hpp"
#include "engine/plan/plan_file.hpp"

namespace fairway::cli {

Result<PlanFile> read_plan(const std::string& file);

// Which hosts the inventory finds now and did not when the plan was made, and the other way round: "HV13 came; HV02 and
// 3 more went"; or nothing.
std::string other_hosts(const Plan& plan, const Inventory& inventory);

// Code::refused: the plan is for another estate, or the inventory was changed since.
Result<void> belongs(const Plan& plan, const Inventory& inventory);

// The plan of --again FILE; nothing: the option was not given. An Answer: nothing can be planned again of it.
Loaded<std::optional<PlanFile>> reviewed_plan(const Request& request);
// Code::refused: they are not what the plan was made of. Other hosts that a search finds are no such thing.
Result<void> same_inputs(const PlanFile& reviewed, const Policy& policy, const Inventory& inventory);

// "fairway plan --again plan.json --out plan-again.json", for a plan that is stale.
std::string again_command(const std::string& file, const Request& request);

}  // namespace fairway::cli
