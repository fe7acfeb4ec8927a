// The JSON Schemas of both documents, printed from the tables that check them, for editors and other tools.
// policies/*.schema.json are these texts.
#pragma once

#include <string>

namespace fairway {

std::string policy_schema();
std::string inventory_schema();

}  // namespace fairway
