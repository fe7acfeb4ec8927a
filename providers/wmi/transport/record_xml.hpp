// A message as it may be published: element names, namespaces, numbers, switches and dates stay; every text is
// replaced, by what its element holds and not by a list of names. Works on texts that are no proper XML as well, since
// those are the ones that somebody wants to see.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/stand_ins.hpp"

namespace fairway::wmi {

std::string publishable_xml(std::string_view text, StandIns& names);

}  // namespace fairway::wmi
