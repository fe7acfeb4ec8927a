// Writing replies as MS-WSMV 3.1.4.1 and 4 show them.
#include "reply.hpp"

#include <algorithm>

#include "guid.hpp"
#include "names.hpp"

namespace lab {
namespace {

std::string declaration(std::string_view prefix, std::string_view uri) {
    return std::string(" xmlns:").append(prefix).append("=\"").append(uri).append("\"");
}

void write_reference_content(XmlWriter& out, const Reference& reference) {
    out.leaf("a:Address", uri::anonymous);
    out.open("a:ReferenceParameters");
    out.leaf("w:ResourceURI", resource_uri(reference.ns, reference.class_name));
    out.open("w:SelectorSet");
    out.leaf("w:Selector Name=\"__cimnamespace\"", reference.ns);
    for (const auto& [name, text] : reference.keys) {
        out.leaf("w:Selector Name=\"" + escaped(name) + "\"", text);
    }
    out.close();
    out.close();
}

std::string envelope(std::string_view action, std::string_view relates_to, std::string_view body,
                     std::string_view header = {}) {
    XmlWriter out;
    out.open("s:Envelope xml:lang=\"en-US\"" + declaration("s", uri::soap) + declaration("a", uri::addressing) +
             declaration("x", uri::transfer) + declaration("n", uri::enumeration) + declaration("w", uri::wsman) +
             declaration("p", uri::microsoft) + declaration("e", uri::eventing));
    out.open("s:Header");
    out.leaf("a:Action", action);
    out.leaf("a:MessageID", "uuid:" + new_guid());
    out.leaf("a:To", uri::anonymous);
    if (!relates_to.empty()) out.leaf("a:RelatesTo", relates_to);
    out.raw(header);
    out.close();
    out.open("s:Body");
    out.raw(body);
    out.close();
    out.close();
    return out.text();
}

void write_wsman_fault(XmlWriter& out, std::uint32_t code, std::string_view machine, std::string_view message) {
    out.open("f:WSManFault" + declaration("f", uri::microsoft_fault) + " Code=\"" + std::to_string(code) +
             "\" Machine=\"" + escaped(machine) + "\"");
    out.open("f:Message");
    out.raw(message);
    out.close();
    out.close();
}

// WMI's own words, nested as Windows nests them: WSManFault > Message > ProviderFault > WSManFault.
std::string provider_message(const ProviderFault& fault, std::string_view machine) {
    XmlWriter out;
    out.open("f:ProviderFault provider=\"WMI Provider\" path=\"%systemroot%\\system32\\WsmWmiPl.dll\"");
    write_wsman_fault(out, fault.hresult, machine, escaped(fault.description));
    out.open("f:ExtendedError");
    out.open(
        "p:__ExtendedStatus xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/__ExtendedStatus\"" +
        declaration("xsi", uri::xsi) + " xsi:type=\"p:__ExtendedStatus_Type\"");
    out.leaf("p:Description", fault.description);
    out.leaf("p:Operation", fault.operation);
    out.leaf("p:ParameterInfo", fault.parameter);
    out.leaf("p:ProviderName", "WinMgmt");
    out.leaf("p:StatusCode", std::to_string(fault.hresult));
    out.close();
    out.close();
    out.close();
    return out.text();
}

}  // namespace

std::string resource_uri(std::string_view ns, std::string_view class_name) {
    return std::string(uri::wmi).append(ns).append("/").append(class_name);
}

void write_value(XmlWriter& out, const std::string& tag, const Value& value) {
    if (const auto* many = std::get_if<std::vector<std::string>>(&value); many != nullptr && !many->empty()) {
        for (const auto& one : *many) out.leaf(tag, one);
    } else if (many != nullptr || std::holds_alternative<std::monostate>(value)) {
        out.empty(tag + " xsi:nil=\"true\"");
    } else if (const auto* reference = std::get_if<Reference>(&value)) {
        out.open(tag);
        write_reference_content(out, *reference);
        out.close();
    } else if (const auto* moment = std::get_if<Moment>(&value)) {
        out.open(tag);
        out.leaf("cim:Datetime", moment->text);
        out.close();
    } else if (const auto* interval = std::get_if<Interval>(&value)) {
        out.open(tag);
        out.leaf("cim:Interval", interval->text);
        out.close();
    } else {
        out.leaf(tag, plain_text(value));
    }
}

std::string instance_xml(std::string_view ns, const Instance& instance) {
    XmlWriter out;
    out.open("p:" + instance.class_name + declaration("xsi", uri::xsi) +
             declaration("p", resource_uri(ns, instance.class_name)) + declaration("cim", uri::cim) +
             " xsi:type=\"p:" + instance.class_name + "_Type\"");
    for (const auto& property : instance.properties) write_value(out, "p:" + property.name, property.value);
    out.close();
    return out.text();
}

std::string fragment_xml(const Instance& instance, std::vector<std::string> columns) {
    std::sort(columns.begin(), columns.end());
    XmlWriter out;
    out.open("w:XmlFragment" + declaration("xsi", uri::xsi) + declaration("cim", uri::cim));
    for (const auto& column : columns) {
        for (const auto& property : instance.properties) {
            if (same_name(property.name, column)) write_value(out, property.name, property.value);
        }
    }
    out.close();
    return out.text();
}

std::string reference_xml(const Reference& reference) {
    XmlWriter out;
    out.open("a:EndpointReference");
    write_reference_content(out, reference);
    out.close();
    return out.text();
}

std::string reply_envelope(const Request& request, std::string_view body, std::string_view header) {
    return envelope(request.action + "Response", request.message_id, body, header);
}

std::string fault_envelope(const Request& request, const Fault& fault, std::string_view machine) {
    const bool addressing = fault.subcode.starts_with("a:");
    const auto text = fault.text.empty() ? std::string("The request failed.") : fault.text;
    XmlWriter out;
    out.open("s:Fault");
    out.open("s:Code");
    out.leaf("s:Value", fault.must_understand ? "s:MustUnderstand" : fault.sender ? "s:Sender" : "s:Receiver");
    if (!fault.subcode.empty()) {
        out.open("s:Subcode");
        out.leaf("s:Value", fault.subcode);
        out.close();
    }
    out.close();
    out.open("s:Reason");
    out.leaf("s:Text xml:lang=\"en-US\"", text);
    out.close();
    out.open("s:Detail");
    if (!fault.detail.empty()) out.leaf("w:FaultDetail", std::string(uri::fault_detail) + fault.detail);
    write_wsman_fault(out, fault.code, machine,
                      fault.provider ? provider_message(*fault.provider, machine) : escaped(text));
    out.close();
    out.close();
    return envelope(addressing ? uri::addressing_fault : uri::wsman_fault, request.message_id, out.text());
}

std::string identify_envelope() {
    XmlWriter out;
    out.open("s:Envelope xml:lang=\"en-US\"" + declaration("s", uri::soap));
    out.empty("s:Header");
    out.open("s:Body");
    out.open("wsmid:IdentifyResponse" + declaration("wsmid", uri::identity));
    out.leaf("wsmid:ProtocolVersion", uri::wsman);
    out.leaf("wsmid:ProductVendor", "Microsoft Corporation");
    out.leaf("wsmid:ProductVersion", "OS: 10.0.20348 SP: 0.0 Stack: 3.0");
    out.close();
    out.close();
    out.close();
    return out.text();
}

}  // namespace lab
