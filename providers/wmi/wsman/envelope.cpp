// See envelope.hpp. Facts: WMI-1 and WMI-2.
#include "providers/wmi/wsman/envelope.hpp"

#include <fmt/format.h>

#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::soap {
namespace {

using Pair = xml::Writer::Pair;
constexpr Pair must{"s:mustUnderstand", "true"};
// Locale and DataLocale must not be mandatory: Windows answers UnsupportedFeature otherwise (WMI-1).
constexpr Pair may{"s:mustUnderstand", "false"};
constexpr std::string_view locale = "en-US";

}  // namespace

std::string enumeration_action(std::string_view word) { return fmt::format("{}/{}", space::enumeration, word); }

// OMI wants exactly these child shapes.
void open_header(xml::Writer& out, const Heading& heading, std::string_view resource, std::string_view action,
                 std::span<const cim::Selector> selectors) {
    const std::string timeout = fmt::format("PT{}S", operation_timeout.count());
    out.open("s:Envelope", {{"xmlns:s", space::soap},
                            {"xmlns:a", space::addressing},
                            {"xmlns:n", space::enumeration},
                            {"xmlns:w", space::wsman},
                            {"xmlns:p", space::microsoft},
                            {"xmlns:xsi", space::xsi}});
    out.open("s:Header").leaf("a:To", heading.to);
    if (!resource.empty()) out.leaf("w:ResourceURI", resource, {must});
    out.open("a:ReplyTo").leaf("a:Address", space::anonymous, {must}).close();
    out.leaf("a:Action", action, {must}).leaf("a:MessageID", heading.id);
    out.leaf("w:MaxEnvelopeSize", max_envelope_size, {must}).leaf("w:OperationTimeout", timeout);
    out.leaf("w:Locale", "", {{"xml:lang", locale}, may}).leaf("p:DataLocale", "", {{"xml:lang", locale}, may});
    cim::write_selectors(out, selectors);
}

void open_envelope(xml::Writer& out, const Heading& heading, std::string_view resource, std::string_view action,
                   std::span<const cim::Selector> selectors) {
    open_header(out, heading, resource, action, selectors);
    out.close().open("s:Body");
}

Result<std::string> close_envelope(xml::Writer&& out) {
    out.close().close();
    return std::move(out).finish();
}

}  // namespace fairway::wmi::soap
