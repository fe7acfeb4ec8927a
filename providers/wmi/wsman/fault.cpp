// See fault.hpp. Facts: WMI-14 to WMI-16, WMI-29, WMI-55 to WMI-60 and WMI-83.
#include "providers/wmi/wsman/fault.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/error_codes.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/rights.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view wait_a_while = "wait a little, run fewer clients against it, or raise the quota there";
constexpr std::string_view no_hyper_v = "is the Hyper-V role installed, and is the host Server 2012 or later?";
constexpr std::string_view no_channel = "is the role or feature that writes it installed there?";
constexpr std::string_view read_again = "whether anything was done is unknown; read again";
constexpr std::string_view old_release = "its release may be too old";
constexpr std::string_view our_mistake = "the host and this program disagree about a request; please report it";

constexpr std::array code_rows = {
    CodeRow{5, Code::denied, "access denied", {}},  // what to do: see rights.hpp
    CodeRow{0x80070005, Code::denied, "access denied", {}},
    CodeRow{0x80041003, Code::denied, "WMI denies access to the namespace", {}},
    CodeRow{0x80041002, Code::not_found, "the object is not there", "it may have gone meanwhile; read again"},
    CodeRow{0x80041010, Code::not_found, "the host has no such class", no_hyper_v},
    CodeRow{0x8004100E, Code::not_found, "the host has no such namespace", no_hyper_v},
    CodeRow{0x80338000, Code::not_found, "the host has no such resource", no_hyper_v},
    CodeRow{0x8033805B, Code::not_found, "the object is not there", "it may have gone meanwhile; read again"},
    CodeRow{15007, Code::not_found, "the host has no such event channel", no_channel},
    CodeRow{0x80073A9F, Code::not_found, "the host has no such event channel", no_channel},
    CodeRow{15009, Code::unsupported, "an analytic or debug channel cannot be subscribed to",
            "ask for another channel"},
    CodeRow{0x80073AA1, Code::unsupported, "an analytic or debug channel cannot be subscribed to",
            "ask for another channel"},
    CodeRow{15001, Code::protocol, "the host found a question about events wrong", our_mistake},
    CodeRow{0x80073A99, Code::protocol, "the host found a question about events wrong", our_mistake},
    CodeRow{87, Code::protocol, "the host found a parameter wrong", our_mistake},
    CodeRow{0x80041008, Code::protocol, "WMI found a parameter wrong", our_mistake},
    CodeRow{0x80041017, Code::protocol, "WMI could not read a query", our_mistake},
    CodeRow{0x80338041, Code::protocol, "the request does not fit the host's schema", our_mistake},
    CodeRow{0x80041024, Code::unsupported, "the WMI provider cannot do this", "the host's release may be too old"},
    CodeRow{0x80041001, Code::unsupported, "WMI failed without saying why",
            "look at the host's VMMS and WMI event logs"},
    CodeRow{0x80041014, Code::unreachable, "a WMI provider could not start", "is the service vmms running there?"},
    CodeRow{0x80041015, Code::unreachable, "WMI's transport broke", "read again"},
    CodeRow{0x80041006, Code::unreachable, "WMI is out of memory there", wait_a_while},
    CodeRow{0x8004106C, Code::unreachable, "a quota of WMI is used up", wait_a_while},
    CodeRow{0x80338029, Code::unreachable, "the host took too long", read_again},
    CodeRow{0x80338102, Code::unsupported, "the WMI provider could not do it", "look at the host's VMMS event log"},
    CodeRow{0x803381A5, Code::unreachable, "too many shells are open there", wait_a_while, true},
    CodeRow{0x803381A6, Code::unreachable, "this account has too many operations running there", wait_a_while, true},
    CodeRow{0x803381A7, Code::unreachable, "a quota of this account is used up there", wait_a_while, true},
    CodeRow{0x803381A8, Code::unreachable, "a quota of the system is used up there", wait_a_while, true},
    CodeRow{0x803381AB, Code::unreachable, "too many accounts use shells there", wait_a_while, true},
    CodeRow{0x803381E4, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
    CodeRow{0x803381E5, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
    CodeRow{0x803381E6, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
    CodeRow{0x803381E7, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
    CodeRow{0x803381E8, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
    CodeRow{0x803381E9, Code::unreachable, "a quota of a plug-in is used up there", wait_a_while, true},
};

struct SubcodeRow {
    std::string_view subcode;
    Code means;
    std::string_view what, todo;
};

// For faults without a code that we know: DSP0226 annex, by local name.
constexpr std::array subcodes = {
    SubcodeRow{"AccessDenied", Code::denied, "access denied", {}},
    SubcodeRow{"InvalidSelectors", Code::not_found, "the object is not there", "it may have gone meanwhile"},
    SubcodeRow{"DestinationUnreachable", Code::not_found, "the host has no such resource", no_hyper_v},
    SubcodeRow{"InvalidEnumerationContext", Code::unreachable, "the host forgot an enumeration", "read again"},
    SubcodeRow{"TimedOut", Code::unreachable, "the host took too long", read_again},
    SubcodeRow{"Concurrency", Code::unreachable, "the host is busy", wait_a_while},
    SubcodeRow{"QuotaLimit", Code::unreachable, "a quota is used up there", wait_a_while},
    SubcodeRow{"EncodingLimit", Code::unsupported, "the answer or request is larger than the host allows",
               "raise MaxEnvelopeSizekb there"},
    SubcodeRow{"FilteringRequestedUnavailable", Code::unsupported, "the host does not take this kind of query",
               old_release},
    SubcodeRow{"FilteringNotSupported", Code::unsupported, "the host does not take queries there", old_release},
    SubcodeRow{"DeliveryModeRequestedUnavailable", Code::unsupported, "the host does not deliver events this way",
               old_release},
    SubcodeRow{"ActionNotSupported", Code::unsupported, "the host cannot do this", old_release},
    SubcodeRow{"UnsupportedFeature", Code::unsupported, "the host cannot do this", old_release},
    SubcodeRow{"SchemaValidationError", Code::protocol, "the request does not fit the host's schema", our_mistake},
};

struct CimRow {
    std::uint32_t status;
    std::uint32_t same_as;
};
// CIM status codes (DSP0200 5.2.6) as OMI and MSFT_WmiError give them, as the WMI code that means the same.
constexpr std::array cim_rows = {CimRow{2, 0x80041003}, CimRow{3, 0x8004100E}, CimRow{4, 0x80041008},
                                 CimRow{5, 0x80041010}, CimRow{6, 0x80041002}, CimRow{7, 0x80041024}};

const CodeRow* row_of(std::uint32_t code) {
    const auto it =
        std::find_if(code_rows.begin(), code_rows.end(), [&](const CodeRow& row) { return row.code == code; });
    return it == code_rows.end() ? nullptr : &*it;
}

std::string one_line(std::string_view raw) {
    std::string out;
    for (const char c : text::trim(raw)) {
        const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!blank) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
        if (out.size() >= 600) return out + "…";
    }
    return out;
}

// Codes come unsigned, signed, or as 0x… (WMI's own error text).
std::optional<std::uint32_t> parse_code(std::string_view raw) {
    raw = text::trim(raw);
    const bool hex = raw.starts_with("0x") || raw.starts_with("0X");
    if (hex) raw.remove_prefix(2);
    const auto value = text::number<std::int64_t>(raw, hex ? 16 : 10);
    if (!value || *value < -0x80000000LL || *value > 0xffffffffLL) return std::nullopt;
    return static_cast<std::uint32_t>(*value & 0xffffffff);
}

std::string text_of(const xml::Element* element) { return element ? one_line(element->text) : std::string{}; }

std::string_view local(std::string_view qname) {
    qname = text::trim(qname);
    return qname.substr(qname.rfind(':') + 1);  // npos + 1 is 0
}

std::optional<std::uint32_t> cim_code(std::string_view status) {
    const auto code = parse_code(status);
    if (!code) return std::nullopt;
    for (const CimRow& row : cim_rows)
        if (row.status == *code) return row.same_as;
    return std::nullopt;
}

std::optional<std::uint32_t> cim_code(const xml::Element* status) {
    return status ? cim_code(std::string_view(status->text)) : std::nullopt;
}

// OMI's own name of a result, whose numbers are those of CIM: OMI:MI_Result:3.
std::optional<std::uint32_t> omi_code(const xml::Element* id) {
    constexpr std::string_view prefix = "OMI:MI_Result:";
    const std::string_view said = id ? text::trim(id->text) : std::string_view{};
    return said.starts_with(prefix) ? cim_code(said.substr(prefix.size())) : std::nullopt;
}

// A cause in any of its four shapes: WSManFault, WMI's __ExtendedStatus, MSFT_WmiError, OMI's CIM_Error.
void collect(const xml::Element& element, std::vector<Cause>& out) {
    if (element.local == "WSManFault") {
        const xml::Element* message = element.child("Message");
        out.push_back({parse_code(element.attribute({}, "Code")).value_or(0), text_of(message)});
        const xml::Element* provider = message ? message->child("ProviderFault") : nullptr;
        if (out.back().message.empty()) out.back().message = text_of(provider);
    } else if (const xml::Element* status = element.child("StatusCode")) {
        if (const auto code = parse_code(status->text)) out.push_back({*code, text_of(element.child("Description"))});
    } else if (const xml::Element* wmi = element.child("error_Code")) {
        const auto code = cim_code(element.child("CIMStatusCode"));
        out.push_back({parse_code(wmi->text).value_or(code.value_or(0)), text_of(element.child("Message"))});
        if (row_of(out.back().code) == nullptr && code) out.back().code = *code;
    } else if (const auto status_code = cim_code(element.child("CIMStatusCode"))) {
        out.push_back({*status_code, text_of(element.child("Message"))});
    } else if (const auto result = omi_code(element.child("MessageID"))) {
        out.push_back({*result, text_of(element.child("Message"))});
    }
    for (const xml::Element& child : element.children) collect(child, out);
}

std::string phrase(std::string_view what, std::string_view said, std::uint32_t code, std::string_view todo) {
    std::string out(what);
    if (!said.empty()) out += fmt::format(": {}", said);
    if (code != 0) out += code < 0x10000 ? fmt::format(" (code {})", code) : fmt::format(" (0x{:08X})", code);
    if (!todo.empty()) out += fmt::format("; {}", todo);
    return out;
}

Error in_words(Code means, std::string_view what, std::string_view said, std::uint32_t code, std::string_view todo,
               std::string_view resource_uri) {
    if (means != Code::denied) return {means, phrase(what, said, code, todo)};
    const RightsRow& right = rights_row(resource_uri);
    const std::string by = right.name.empty() ? std::string() : fmt::format(" ({})", right.name);
    return {means, phrase(fmt::format("{}{}", what, by), said, code, right.todo)};
}

struct ReturnRow {
    std::uint64_t value;
    Code means;
    std::string_view what;
};

// Of the settings methods and the migration methods alike (WMI-31).
constexpr std::array returns = {
    ReturnRow{32768, Code::unsupported, "failed, and Hyper-V does not say why"},
    ReturnRow{32769, Code::denied, "access denied"},
    ReturnRow{32770, Code::unsupported, "not supported by this host"},
    ReturnRow{32771, Code::unsupported, "the status is unknown"},
    ReturnRow{32772, Code::unreachable, "Hyper-V ran out of time"},
    ReturnRow{32773, Code::unsupported, "Hyper-V found a parameter invalid"},
    ReturnRow{32774, Code::unreachable, "the object is in use"},
    ReturnRow{32775, Code::unreachable, "the object is in a state in which this cannot be done now"},
    ReturnRow{32776, Code::protocol, "a value had the wrong type"},
    ReturnRow{32777, Code::unreachable, "the system is not available"},
    ReturnRow{32778, Code::unreachable, "the host is out of memory"},
};

constexpr std::string_view credentials_todo =
    "with Kerberos: delegation for cifs and the migration service, protocol transition on, a caller who may be "
    "delegated, and up to 15 minutes for the change to take effect; with CredSSP: sign on at the source itself";
constexpr std::string_view firewall_todo = "check port 6600, the firewall and the subnets on both hosts";
constexpr std::string_view logon_todo =
    "give NT VIRTUAL MACHINE\\Virtual Machines the right to log on as a service (a group policy took it)";
constexpr std::string_view memory_todo = "free memory at the destination";

// Codes that moves end with: WMI-58 to WMI-60.
constexpr std::array failures = {
    CodeRow{0x8009030E, Code::denied, "no credentials: the source cannot prove the caller to the destination",
            credentials_todo},
    CodeRow{0x8009030D, Code::denied, "unknown credentials: delegation is missing or not in effect yet",
            credentials_todo},
    CodeRow{0x80090303, Code::denied, "no account has the destination's service principal name",
            "register its names: `fairway spn`"},
    CodeRow{0x80090322, Code::denied, "wrong principal: a service principal name is wrong, missing or on two accounts",
            "compare the names of both hosts' accounts, and DNS"},
    CodeRow{0x80070569, Code::denied, "the VM's account may not log on as a service there", logon_todo},
    CodeRow{0x8007052F, Code::denied, "an account restriction forbids the logon", logon_todo},
    CodeRow{0x80070005, Code::denied, "access denied",
            "the caller needs Hyper-V rights on every host concerned; for a move check also protocol transition and "
            "the rights on the storage"},
    CodeRow{0x80072746, Code::unreachable, "the connection was reset", firewall_todo},
    CodeRow{0x8007274C, Code::unreachable, "the destination did not answer in time", firewall_todo},
    CodeRow{0x8007274D, Code::unreachable, "the destination refuses the connection: nothing listens",
            "turn live migration on there and let its networks cover the address"},
    CodeRow{0x8007271D, Code::unreachable, "the connection is forbidden locally", firewall_todo},
    CodeRow{0x80071398, Code::unsupported, "the host does not own the clustered VM", "move it through the cluster"},
    CodeRow{0x8007000E, Code::unsupported, "the destination has too little memory", memory_todo},
    CodeRow{0x800705AA, Code::unsupported, "the destination has too few resources", memory_todo},
    CodeRow{0xC03A0014, Code::unsupported, "a virtual disk or an ISO image is missing", "eject images of local paths"},
    CodeRow{0xC0370027, Code::unsupported, "the saved state does not fit the destination", "discard the saved state"},
};

const CodeRow* failure_of(std::uint32_t code) {
    const auto it =
        std::find_if(failures.begin(), failures.end(), [&](const CodeRow& row) { return row.code == code; });
    return it == failures.end() ? nullptr : &*it;
}

bool is_failure(std::uint32_t code) { return failure_of(code) != nullptr; }

}  // namespace

std::span<const CodeRow> request_codes() { return code_rows; }
std::span<const CodeRow> move_codes() { return failures; }

Fault read_fault(const xml::Element& fault) {
    Fault out;
    if (const xml::Element* code = fault.child(space::soap, "Code")) {
        if (const xml::Element* value = code->child(space::soap, "Value")) out.code = local(value->text);
        const xml::Element* sub = code->child(space::soap, "Subcode");
        if (sub && sub->child(space::soap, "Value")) out.subcode = local(sub->child(space::soap, "Value")->text);
    }
    if (const xml::Element* reason = fault.child(space::soap, "Reason"))
        out.reason = text_of(reason->child(space::soap, "Text"));
    if (const xml::Element* detail = fault.child(space::soap, "Detail")) {
        if (const xml::Element* uri = detail->child(space::wsman, "FaultDetail"))
            out.detail = uri->text.substr(uri->text.rfind('/') + 1);
        collect(*detail, out.causes);
    }
    return out;
}

// The deepest cause with a code that we know wins; then the subcode; then whatever the host said.
Error explain(const Fault& fault, std::string_view resource_uri) {
    std::string said;
    for (const Cause& cause : fault.causes)
        if (!cause.message.empty()) said = cause.message;
    if (said.empty()) said = fault.reason;
    for (auto it = fault.causes.rbegin(); it != fault.causes.rend(); ++it)
        if (const CodeRow* row = row_of(it->code))
            return in_words(row->means, row->what, said, it->code, row->todo, resource_uri);
    const std::uint32_t code = fault.causes.empty() ? 0 : fault.causes.back().code;
    for (const SubcodeRow& row : subcodes)
        if (row.subcode == fault.subcode) return in_words(row.means, row.what, said, code, row.todo, resource_uri);
    const std::string what = fmt::format("the host answered with a fault ({}{}{})", fault.code,
                                         fault.subcode.empty() ? "" : "/", fault.subcode);
    return {Code::protocol, phrase(what, said, code, fault.detail)};
}

bool is_busy(const Fault& fault) {
    if (fault.subcode == "Concurrency" || fault.subcode == "QuotaLimit") return true;
    if (fault.causes.empty()) return false;
    const CodeRow* row = row_of(fault.causes.front().code);  // of WinRM itself, not of a provider behind it
    return row != nullptr && row->busy;
}

Error explain_return(std::string_view method, std::uint64_t value) {
    for (const ReturnRow& row : returns)
        if (row.value == value) return {row.means, fmt::format("{}: {} (ReturnValue {})", method, row.what, value)};
    return {Code::protocol, fmt::format("{}: unknown ReturnValue {}", method, value)};
}

Error explain_failure(std::string_view what, std::string_view text, std::uint64_t error_code) {
    const std::string said = one_line(text);
    // The first that a row explains: a host often writes a general one before it.
    for (const std::uint32_t code : fairway::codes_in(said, is_failure))
        if (const CodeRow* row = failure_of(code))
            return {row->means, fmt::format("{} failed with 0x{:08X}: {}; {}. The host says: {}", what, code, row->what,
                                            row->todo, said)};
    for (const ReturnRow& row : returns)
        if (row.value == error_code)
            return {row.means, fmt::format("{} failed: {} (ErrorCode {}). The host says: {}", what, row.what,
                                           error_code, said.empty() ? "nothing" : said)};
    return {Code::unsupported, fmt::format("{} failed (ErrorCode {}). The host says: {}", what, error_code,
                                           said.empty() ? "nothing; look at its VMMS event log" : said)};
}

}  // namespace fairway::wmi
