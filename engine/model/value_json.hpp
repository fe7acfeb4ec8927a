// One value as JSON, and back as a value that fits its row's type. For plans, the journal, worlds, reports.
#pragma once

#include <string_view>

#include "engine/base/json_fwd.hpp"
#include "engine/model/setting.hpp"

namespace fairway {

Json to_json(const Value& value);
Result<Value> value_from_json(const Setting& setting, const Json& json, std::string_view path);

}  // namespace fairway
