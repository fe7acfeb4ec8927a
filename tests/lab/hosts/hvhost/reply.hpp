// Writing replies: the envelope with its addressing headers, instances, references and faults.
// Prefixes are those of Windows: s a w n x p b; a client must not depend on them.
#pragma once

#include <string>
#include <string_view>

#include "cim.hpp"
#include "fault.hpp"
#include "soap.hpp"
#include "xml.hpp"

namespace lab {

// <p:Class xsi:type="p:Class_Type"> with its own namespace declarations.
[[nodiscard]] std::string instance_xml(std::string_view ns, const Instance& instance);
// Only the chosen columns, unqualified and in alphabetical order [MS-WSMV notes 58-60].
[[nodiscard]] std::string fragment_xml(const Instance& instance, std::vector<std::string> columns);
// <a:EndpointReference> with Address and ReferenceParameters.
[[nodiscard]] std::string reference_xml(const Reference& reference);

// One property or out-parameter: nil, scalar, repeated or EPR as the value demands.
void write_value(XmlWriter& out, const std::string& tag, const Value& value);

[[nodiscard]] std::string resource_uri(std::string_view ns, std::string_view class_name);

// Its action is the request's with "Response"; `header` goes beside the addressing.
[[nodiscard]] std::string reply_envelope(const Request& request, std::string_view body, std::string_view header = {});
[[nodiscard]] std::string fault_envelope(const Request& request, const Fault& fault, std::string_view machine);
[[nodiscard]] std::string identify_envelope();

}  // namespace lab
