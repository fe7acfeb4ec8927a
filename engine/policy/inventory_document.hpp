// An inventory's text to an Inventory, or to everything that is wrong with it. Reads no other file: a secret
// is only ever named, and the embedded estate is opened by its provider.
#pragma once

#include <string>
#include <string_view>

#include "engine/model/inventory.hpp"

namespace fairway {

// `file` stands in complaints and in the Inventory; file names within are relative to its folder.
Checked<Inventory> load_inventory(std::string_view text, const std::string& file);

}  // namespace fairway
