// What Windows' HTTP driver (http.sys) answers by itself, before WinRM or its login sees the request: pages of HTML.
#pragma once

#include <optional>

#include "session.hpp"

namespace lab {

[[nodiscard]] std::optional<HttpResponse> refused_by_driver(Host& host, const HttpRequest& request);
[[nodiscard]] HttpResponse driver_page(const HttpRequest& request, unsigned status);  // 400, 404, 503

}  // namespace lab
