// What an administrator would type for a change of each setting, in full, for a reviewer to read; never run. Named by
// the rows of the catalogue.
#pragma once

#include <string>
#include <string_view>

#include "engine/model/setting.hpp"

namespace fairway {

std::string enable_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string authentication_command(const Setting& row, std::string_view object, const Value& before,
                                   const Value& after);
std::string performance_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string vmhost_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string networks_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string trial_vms_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string list_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string principals_command(const Setting& row, std::string_view object, const Value& before, const Value& after);
std::string account_control_command(const Setting& row, std::string_view object, const Value& before,
                                    const Value& after);

}  // namespace fairway
