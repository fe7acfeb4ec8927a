// Bytes as text for HTTP's Authorization and WWW-Authenticate (RFC 4648 section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fairway::wmi::base64 {

std::string encode(std::string_view bytes);
std::optional<std::string> decode(std::string_view text);  // strict: no blanks, padding as it must be

}  // namespace fairway::wmi::base64
