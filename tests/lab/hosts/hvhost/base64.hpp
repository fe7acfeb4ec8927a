// Base64 for authorization headers (RFC 4648); what is not base64 decodes to nothing.
#pragma once

#include <string>
#include <string_view>

namespace lab {

[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::string from_base64(std::string_view text);

}  // namespace lab
