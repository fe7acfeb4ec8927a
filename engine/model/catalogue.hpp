// All settings that Fairway manages and all facts that it reads, in the order of every report. Their rows and their
// names, by which conditions and codecs know them: migration_settings, delegation_settings, host_facts and
// account_facts.
#pragma once

#include <span>
#include <string_view>

#include "engine/model/setting.hpp"

namespace fairway {

std::span<const Setting* const> catalogue();
const Setting* find_setting(std::string_view name);  // null if there is no such row

}  // namespace fairway
