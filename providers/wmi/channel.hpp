// The transport's seam: a SOAP text goes out, a SOAP text comes back, from one host. What lies between
// (HTTP, a security context, later sealing and TLS) is the implementation's business; see http_channel.hpp.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::wmi {

// Whether a request may be sent again when a kept connection turns out to be dead: questions may, an
// Invoke or a Pull may not, since the first one may have arrived (sheet 6.4).
enum class Repeat { never, once };

class Channel {
public:
    virtual ~Channel() = default;
    // Faults are answers. Error: no answer, or none that came from a WS-Man server.
    virtual Result<std::string> exchange(std::string_view soap, Repeat repeat) = 0;
    virtual std::string endpoint() const = 0;  // for a:To, http://host:port/wsman
};

}  // namespace fairway::wmi
