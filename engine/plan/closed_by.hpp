// Which paths a step closes, as a plan file has it.
#pragma once

#include "engine/base/fields.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

Json to_json(const ClosedBy& closed);
ClosedBy closed_by_from(Fields fields);

}  // namespace fairway
