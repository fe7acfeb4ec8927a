// Message encryption [MS-WSMV 2.2.9.1]: bodies pass here on their way in and out of WS-Management.
// The framing is text around a binary block; it is read by its lengths, never by searching for a boundary.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gss.hpp"

namespace lab {

struct HttpBody {
    std::string content_type;
    std::string text;
};

[[nodiscard]] bool is_sealed(std::string_view content_type);

// `scheme` is Negotiate or Kerberos; it decides the protocol's name, which must be the same on both ways.
// The errors are sentences for the log; the wire gets a bare 400.
[[nodiscard]] tl::expected<std::string, std::string> unseal(gss_ctx_id_t context, std::string_view scheme,
                                                            const HttpBody& sealed);
[[nodiscard]] tl::expected<HttpBody, std::string> seal(gss_ctx_id_t context, std::string_view scheme,
                                                       std::string plain);

}  // namespace lab
