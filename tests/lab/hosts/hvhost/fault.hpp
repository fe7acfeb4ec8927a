// Every refusal that this host can answer with, one function each.
// A fault ends a request from wherever it is found, so it is thrown; wsman.cpp catches it, nobody else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lab {

// What WMI itself said, below what WS-Management says.
struct ProviderFault {
    std::uint32_t hresult;
    std::string description;
    std::string operation;
    std::string parameter;
};

struct Fault {
    unsigned http_status = 500;
    bool sender = true;
    std::string subcode{};   // with prefix w:, a:, n: or e:; the envelope declares them
    std::string detail{};    // last part of the FaultDetail uri, may be empty
    std::uint32_t code = 0;  // f:WSManFault/@Code
    std::string text{};
    std::optional<ProviderFault> provider{};
    bool must_understand = false;
};

namespace faults {

Fault malformed(std::string_view why);
Fault schema(std::string_view why);
Fault not_understood(std::string_view header);
Fault missing_header(std::string_view header);
Fault unknown_action(std::string_view action);
Fault unsupported(std::string_view detail, std::string_view why);
Fault unknown_resource(std::string_view resource_uri);
Fault unknown_namespace(std::string_view ns);
Fault unknown_class(std::string_view ns, std::string_view name);
Fault not_found(std::string_view what);
Fault wrong_selectors(std::string_view why);
Fault other_namespace(std::string_view selector, std::string_view in_uri);
Fault stale_enumeration();
Fault bad_query(std::string_view why);
Fault unknown_dialect(std::string_view dialect);
Fault envelope_too_small(std::uint64_t wanted);
Fault reply_too_large(std::uint64_t limit);
Fault access_denied();
Fault unknown_delivery(std::string_view mode);
Fault unknown_event_dialect(std::string_view dialect);
Fault unknown_channel(std::string_view channel);
Fault invalid_bookmark();
Fault unknown_subscription();
Fault cannot_renew();
Fault timed_out();
Fault too_many_operations();
Fault read_only(std::string_view class_name);

}  // namespace faults
}  // namespace lab
