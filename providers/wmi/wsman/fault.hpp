// What did the host complain about, down to the deepest cause, and what is a person to do? Faults of WS-Man
// (MS-WSMV 2.2.4.43), and the codes that Hyper-V's methods and jobs end with. Tables; no I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi {

struct Cause {
    std::uint32_t code = 0;
    std::string message;
};

struct Fault {
    std::string code, subcode;  // local names: Sender, AccessDenied
    std::string reason;
    std::string detail;         // the last part of w:FaultDetail's URI
    std::vector<Cause> causes;  // outermost first; the last one is the cause
};

// A cause of failures: one row, and `fault_test` has it explained.
struct CodeRow {
    std::uint32_t code;
    Code means;
    std::string_view what, todo;
    bool busy = false;  // a quota of WinRM: nothing was done, and the same request may come again later
};
std::span<const CodeRow> request_codes();  // that requests are refused with
std::span<const CodeRow> move_codes();     // that moves end with

Fault read_fault(const xml::Element& fault);
// `resource_uri`: what was asked for; a refusal names the namespace that refused, and the right that it wants.
Error explain(const Fault& fault, std::string_view resource_uri = {});
// Refused because of a quota. By code,
// since Windows reports these under the subcode InternalError (WMI-16).
bool is_busy(const Fault& fault);

// ReturnValue of Hyper-V's methods, other than 0 (done) and 4096 (a job runs).
Error explain_return(std::string_view method, std::uint64_t value);

// What a job failed with: the host's text, and the meaning of the code in it where we know one.
Error explain_failure(std::string_view what, std::string_view text, std::uint64_t error_code);

}  // namespace fairway::wmi
