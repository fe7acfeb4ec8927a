// Which rights does a plan need, and do those that the caller has stand in its way? Pure; who asks is not known here.
#pragma once

#include <vector>

#include "engine/model/plan.hpp"
#include "engine/model/rights.hpp"

namespace fairway {

std::vector<Address> writes_of(const Plan& plan);  // every address that the plan writes, once, in order

// Code::denied, with a sentence for each write that is known to be refused. What is not known refuses nothing.
Result<void> check_rights(const Rights& rights);

}  // namespace fairway
