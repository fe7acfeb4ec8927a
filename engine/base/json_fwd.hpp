// JSON by its name alone, for headers that hand it on. Whoever makes or reads one includes json.hpp, which costs
// seconds.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace fairway {

// Keys keep the order in which they were written, so that a document reads and prints the same.
using Json = nlohmann::ordered_json;

}  // namespace fairway
