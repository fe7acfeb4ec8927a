// Is a text a GUID, as Windows writes it? 6D1F6A52-3C0E-4E6B-9C6E-0F1A1DCA9A01, in either case and without braces.
#pragma once

#include <string_view>

namespace fairway {

bool is_guid(std::string_view text);

}  // namespace fairway
