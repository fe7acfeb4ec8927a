// What an administrator would type for a change of each setting, in full, for a reviewer to read; never run. Named by
// the rows of the catalogue.
#pragma once

#include <string>
#include <string_view>

#include "engine/model/value.hpp"

namespace fairway {

std::string enable_command(std::string_view object, const Value& before, const Value& after);
std::string authentication_command(std::string_view object, const Value& before, const Value& after);
std::string performance_command(std::string_view object, const Value& before, const Value& after);
std::string max_live_command(std::string_view object, const Value& before, const Value& after);
std::string max_storage_command(std::string_view object, const Value& before, const Value& after);
std::string networks_command(std::string_view object, const Value& before, const Value& after);
std::string delegation_command(std::string_view object, const Value& before, const Value& after);
std::string spn_command(std::string_view object, const Value& before, const Value& after);
std::string principals_command(std::string_view object, const Value& before, const Value& after);
std::string transition_command(std::string_view object, const Value& before, const Value& after);
std::string unconstrained_command(std::string_view object, const Value& before, const Value& after);

}  // namespace fairway
