// How results say what one of their entries is about.
#pragma once

#include "engine/base/json.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway::report {

// {"object": "HV01", "kind": "host", "setting": "migration.enabled"}, and after these whatever else the entry has.
Json address_json(const Address& address, const Json& more = Json::object());

}  // namespace fairway::report
