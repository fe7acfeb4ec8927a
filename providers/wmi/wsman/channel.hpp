// The transport's seam: a SOAP text goes out, a SOAP text comes back, from one host. What lies between (HTTP, TLS, a
// security context, sealing, patience with a busy host) is the implementation's business; see line.hpp.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/provider.hpp"

namespace fairway::wmi {

// Whether a request may be sent again when no answer came: questions may (Identify, Get, Enumerate); a Pull, an Invoke
// or a Put may not, since the first one may have arrived (WMI-16). With an act a change of the host begins.
enum class Repeat { never, safe, act };

struct Request {
    std::string text;
    Repeat repeat = Repeat::never;
    std::chrono::milliseconds pause{};  // before it is sent
    MayBegin may_go = {};               // asked right before it is sent
};

class Channel {
public:
    virtual ~Channel() = default;
    // Faults are answers. Error: no answer, or none that came from a WS-Man server.
    virtual Result<std::string> exchange(std::string_view soap, Repeat repeat) = 0;
    virtual std::string endpoint() const = 0;  // for a:To, http://host:port/wsman
};

}  // namespace fairway::wmi
