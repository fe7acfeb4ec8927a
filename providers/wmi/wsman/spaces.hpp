// The namespaces and fixed URIs of WS-Management (DSP0226, MS-WSMV 2.2.1), each written once.
#pragma once

#include <string_view>

namespace fairway::wmi::space {

inline constexpr std::string_view soap = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
inline constexpr std::string_view enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
inline constexpr std::string_view eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
inline constexpr std::string_view transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
inline constexpr std::string_view wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
inline constexpr std::string_view identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
inline constexpr std::string_view cim = "http://schemas.dmtf.org/wbem/wscim/1/common";
inline constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";
// Of the events themselves, not of the protocol.
inline constexpr std::string_view event = "http://schemas.microsoft.com/win/2004/08/events/event";

inline constexpr std::string_view anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
inline constexpr std::string_view wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
inline constexpr std::string_view wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";  // namespace/class follow

// The event log: its resource, which can only be subscribed to, and the only dialect that it takes (MS-WSMV
// 3.1.4.1.30.5); delivery that the client fetches, and the place before the oldest event (DSP0226 10.2.9, 10.2.6).
inline constexpr std::string_view event_log = "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog";
inline constexpr std::string_view event_query = "http://schemas.microsoft.com/win/2004/08/events/eventquery";
inline constexpr std::string_view pull_delivery = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull";
inline constexpr std::string_view earliest = "http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest";

}  // namespace fairway::wmi::space
