// A run's name where a file is expected, and a file where a run is: what was meant?
#pragma once

#include <string>
#include <string_view>

namespace fairway::cli {

bool is_run_name(std::string_view word);  // 2026-11-22-03, whether there is such a run or not
bool is_there(const std::string& file);

// "; and it is no run's name (…)", where there is no such file; else empty.
std::string no_run_either(const std::string& file);

}  // namespace fairway::cli
