// A fresh random GUID in upper case, as Windows prints them; without braces.
#pragma once

#include <string>

namespace lab {

[[nodiscard]] std::string new_guid();

}  // namespace lab
