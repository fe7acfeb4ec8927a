// The JSON Schema of every command's JSON output.
#pragma once

#include <string>

namespace fairway::report {

std::string result_schema();

}  // namespace fairway::report
