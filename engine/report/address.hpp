// How results say what one of their entries is about.
#pragma once

#include <utility>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway::report {

// {"object": "HV01", "kind": "host", "setting": "migration.enabled"}, and after these whatever else the entry has.
Json address_json(const Address& address);
Json address_json(const Address& address, const Json& more);

// [{"objects": ["HV01", "HV02"], "kind": …, "setting": …, and what else they have}]: what many objects have alike
// stands once.
Json addresses_json(const std::vector<std::pair<Address, Json>>& entries);

}  // namespace fairway::report
