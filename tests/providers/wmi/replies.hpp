// Replies for the tests: small ones in Windows' shapes, answering whatever MessageID a request carries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "providers/wmi/wsman/enumeration.hpp"

namespace fairway::wmi {

inline std::string reply(std::string_view id, const std::string& body) {
    std::string relates;
    if (!id.empty()) relates = "<a:RelatesTo>" + std::string(id) + "</a:RelatesTo>";
    return "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
           "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
           "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
           "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "
           "xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\" "
           "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:Header>" +
           relates + "</s:Header><s:Body>" + body + "</s:Body></s:Envelope>";
}

inline std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto start = text.find(from);
    if (start == std::string::npos) return {};
    const auto begin = start + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
}

inline std::string id_of(const std::string& request) { return between(request, "<a:MessageID>", "<"); }

inline std::string answer(const Request& request, const std::string& body) { return reply(id_of(request.text), body); }

inline std::string wsman_fault(const std::string& code, const std::string& message) {
    return "<f:WSManFault Code=\"" + code + "\" Machine=\"h\"><f:Message>" + message + "</f:Message></f:WSManFault>";
}

inline std::string fault_body(const std::string& code, const std::string& subcode, const std::string& reason,
                              const std::string& detail) {
    const std::string sub = subcode.empty() ? "" : "<s:Subcode><s:Value>" + subcode + "</s:Value></s:Subcode>";
    return "<s:Fault><s:Code><s:Value>" + code + "</s:Value>" + sub + "</s:Code><s:Reason><s:Text xml:lang=\"en-US\">" +
           reason + "</s:Text></s:Reason><s:Detail>" + detail + "</s:Detail></s:Fault>";
}

inline std::string batch(const std::string& kind, const std::string& prefix, const std::vector<std::string>& objects,
                         const std::string& context, bool last) {
    std::string out =
        "<n:" + kind + "><n:EnumerationContext>" + context + "</n:EnumerationContext><" + prefix + ":Items>";
    for (const std::string& object : objects) out += object;
    out += "</" + prefix + ":Items>";
    if (last) out += "<" + prefix + ":EndOfSequence/>";
    return out + "</n:" + kind + ">";
}

}  // namespace fairway::wmi
