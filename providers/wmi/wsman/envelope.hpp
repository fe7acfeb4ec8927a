// What stands around every request of WS-Man but Identify: the envelope with its headers (MS-WSMV 3.1.4.1.3-12).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi::soap {

std::string enumeration_action(std::string_view word);  // Enumerate, Pull, Release

// Everything but the end of the Header.
void open_header(xml::Writer& out, const Heading& heading, std::string_view resource, std::string_view action,
                 std::span<const cim::Selector> selectors);

// Up to the beginning of the Body; and from its end on.
void open_envelope(xml::Writer& out, const Heading& heading, std::string_view resource, std::string_view action,
                   std::span<const cim::Selector> selectors);
Result<std::string> close_envelope(xml::Writer&& out);

}  // namespace fairway::wmi::soap
