// Keys that have another name now: a document with the old name is read as before, and a warning says the new one.
#pragma once

#include <string>
#include <vector>

#include "engine/base/yaml.hpp"
#include "engine/policy/shape.hpp"

namespace fairway {

// Renames each such key in place, unless the map has the new one as well. Returns the warnings, in the document's
// order.
std::vector<std::string> rename_former_keys(Node& node, const Shape& shape, const std::string& file);

}  // namespace fairway
