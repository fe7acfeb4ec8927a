// The namespaces, actions and dialects of WS-Management as Windows writes them.
#pragma once

#include <string_view>

namespace lab::uri {

inline constexpr std::string_view soap = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
inline constexpr std::string_view anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
inline constexpr std::string_view addressing_fault = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";
inline constexpr std::string_view enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
inline constexpr std::string_view transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
inline constexpr std::string_view wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view wsman_fault = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
inline constexpr std::string_view fault_detail = "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/";
inline constexpr std::string_view microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view microsoft_fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
inline constexpr std::string_view wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
inline constexpr std::string_view wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
inline constexpr std::string_view cim = "http://schemas.dmtf.org/wbem/wscim/1/common";
inline constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";

inline constexpr std::string_view eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
inline constexpr std::string_view pull_mode = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull";
inline constexpr std::string_view earliest = "http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest";
inline constexpr std::string_view event_action = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Event";
inline constexpr std::string_view event_log = "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog";
inline constexpr std::string_view event_query = "http://schemas.microsoft.com/win/2004/08/events/eventquery";
inline constexpr std::string_view event = "http://schemas.microsoft.com/win/2004/08/events/event";

}  // namespace lab::uri

namespace lab::action {

inline constexpr std::string_view get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
inline constexpr std::string_view put = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Put";
inline constexpr std::string_view enumerate = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate";
inline constexpr std::string_view pull = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull";
inline constexpr std::string_view release = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Release";

inline constexpr std::string_view subscribe = "http://schemas.xmlsoap.org/ws/2004/08/eventing/Subscribe";
inline constexpr std::string_view unsubscribe = "http://schemas.xmlsoap.org/ws/2004/08/eventing/Unsubscribe";
inline constexpr std::string_view renew = "http://schemas.xmlsoap.org/ws/2004/08/eventing/Renew";

}  // namespace lab::action
