// The codes. WS-Management's are 0x8033xxxx, WMI's 0x8004xxxx, both decimal on the wire.
// Marked (memory): not seen in a recorded reply; the shape is right, the number may differ on Windows.
#include "fault.hpp"

namespace lab::faults {
namespace {

constexpr std::uint32_t kResourceNotFound = 2150858752;  // 0x80338000
constexpr std::uint32_t kSchemaValidation = 2150858817;  // 0x80338041
constexpr std::uint32_t kSelectors = 2150858843;         // 0x8033805B
constexpr std::uint32_t kProviderFailed = 2150859010;    // 0x80338102
constexpr std::uint32_t kStaleContext = 2150858770;      // (memory)
constexpr std::uint32_t kNotUnderstood = 2150858771;     // (memory)
constexpr std::uint32_t kInternal = 2150858761;          // (memory)
constexpr std::uint32_t kQuery = 2150858778;             // (memory)
constexpr std::uint32_t kEnvelope = 2150858785;          // (memory)

constexpr std::uint32_t kTooManyOperations = 2150859174;  // 0x803381A6
constexpr std::uint32_t kTimedOut = 2150858793;           // 0x80338029
constexpr std::uint32_t kEventing = 2150858786;           // (memory)

constexpr std::uint32_t kWmiNotFound = 0x80041002;
constexpr std::uint32_t kWmiInvalidNamespace = 0x8004100E;
constexpr std::uint32_t kWmiInvalidClass = 0x80041010;
constexpr std::uint32_t kWmiInvalidQuery = 0x80041017;
constexpr std::uint32_t kWmiProviderNotCapable = 0x80041024;

std::string with(std::string_view before, std::string_view name, std::string_view after = "") {
    return std::string(before).append(name).append(after);
}

Fault of_wmi(Fault fault, std::uint32_t hresult, std::string description, std::string operation,
             std::string_view parameter) {
    fault.provider = ProviderFault{hresult, std::move(description), std::move(operation), std::string(parameter)};
    return fault;
}

Fault unreachable(std::string_view detail, std::string text) {
    return {.subcode = "a:DestinationUnreachable",
            .detail = std::string(detail),
            .code = kResourceNotFound,
            .text = std::move(text)};
}

}  // namespace

Fault malformed(std::string_view why) {
    return {.http_status = 400,
            .subcode = "w:SchemaValidationError",
            .code = kSchemaValidation,
            .text = with("The request is not well-formed XML: ", why)};
}

Fault schema(std::string_view why) {
    return {.subcode = "w:SchemaValidationError",
            .code = kSchemaValidation,
            .text = with("The SOAP XML in the message does not match the corresponding XML schema definition. ", why)};
}

Fault not_understood(std::string_view header) {
    return {.code = kNotUnderstood,
            .text = with("A header with mustUnderstand is not understood: ", header),
            .must_understand = true};
}

Fault missing_header(std::string_view header) {
    return {.http_status = 400,
            .subcode = "a:MessageInformationHeaderRequired",
            .code = kSchemaValidation,
            .text = with("A required header is missing or wrong: ", header)};
}

Fault unknown_action(std::string_view action) {
    return {.subcode = "a:ActionNotSupported",
            .code = kResourceNotFound,
            .text = with("The action is not supported by the service: ", action)};
}

Fault unsupported(std::string_view detail, std::string_view why) {
    return {.subcode = "w:UnsupportedFeature",
            .detail = std::string(detail),
            .code = kProviderFailed,
            .text = std::string(why)};
}

Fault unknown_resource(std::string_view resource_uri) {
    return unreachable("InvalidResourceURI",
                       with("The service cannot find the resource identified by the resource URI ", resource_uri));
}

Fault unknown_namespace(std::string_view ns) {
    return of_wmi(unreachable("InvalidResourceURI", with("The namespace ", ns, " does not exist.")),
                  kWmiInvalidNamespace, "Invalid namespace", "ExecQuery", ns);
}

Fault unknown_class(std::string_view ns, std::string_view name) {
    return of_wmi(
        unreachable("InvalidResourceURI", with(with("The class ", name, " does not exist in the "), ns, " namespace.")),
        kWmiInvalidClass, "Invalid class", "GetObject", name);
}

Fault not_found(std::string_view what) {
    return of_wmi(unreachable("", "The service cannot find the resource identified by the resource URI and selectors."),
                  kWmiNotFound, "Not found", "GetObject", what);
}

Fault wrong_selectors(std::string_view why) {
    return {.subcode = "w:InvalidSelectors",
            .detail = "InsufficientSelectors",
            .code = kSelectors,
            .text = with("The request contains invalid selectors for the resource. ", why)};
}

Fault other_namespace(std::string_view selector, std::string_view in_uri) {
    return {.sender = false,
            .subcode = "w:InternalError",
            .code = kInternal,
            .text = with(with("The selector __cimnamespace says ", selector, ", the resource URI says "), in_uri)};
}

Fault stale_enumeration() {
    return {.sender = false,
            .subcode = "n:InvalidEnumerationContext",
            .code = kStaleContext,
            .text = "The supplied enumeration context is invalid."};
}

Fault bad_query(std::string_view why) {
    return of_wmi({.subcode = "n:CannotProcessFilter", .code = kQuery, .text = with("The filter is invalid. ", why)},
                  kWmiInvalidQuery, "Invalid query", "ExecQuery", why);
}

Fault unknown_dialect(std::string_view dialect) {
    return {.subcode = "n:FilterDialectRequestedUnavailable",
            .code = kQuery,
            .text = with("The filter dialect is not supported: ", dialect)};
}

Fault envelope_too_small(std::uint64_t wanted) {
    return {.subcode = "w:EncodingLimit",
            .detail = "MinimumEnvelopeLimit",
            .code = kEnvelope,
            .text = with("MaxEnvelopeSize must be at least 8192 bytes, not ", std::to_string(wanted))};
}

Fault reply_too_large(std::uint64_t limit) {
    return {.subcode = "w:EncodingLimit",
            .detail = "MaxEnvelopeSizeExceeded",
            .code = kEnvelope,
            .text = with("The reply does not fit into ", std::to_string(limit), " bytes.")};
}

Fault access_denied() { return {.subcode = "w:AccessDenied", .code = 5, .text = "Access is denied."}; }

Fault unknown_delivery(std::string_view mode) {
    return {.subcode = "e:DeliveryModeRequestedUnavailable",
            .code = kEventing,
            .text = with("The delivery mode is not supported: ", mode)};
}

Fault unknown_event_dialect(std::string_view dialect) {
    return {.subcode = "e:FilteringRequestedUnavailable",
            .code = kEventing,
            .text = with("The filter dialect is not supported: ", dialect)};
}

// ERROR_EVT_CHANNEL_NOT_FOUND; how WS-Management wraps it is (memory).
Fault unknown_channel(std::string_view channel) {
    return {.sender = false,
            .subcode = "w:InternalError",
            .code = 15007,
            .text = with("The specified channel could not be found: ", channel)};
}

Fault invalid_bookmark() {
    return {.subcode = "w:InvalidBookmark",
            .detail = "InvalidFormat",
            .code = kEventing,
            .text = "The bookmark is not a BookmarkList."};
}

Fault unknown_subscription() {
    return {.subcode = "e:InvalidMessage", .code = kEventing, .text = "The subscription is not known."};
}

Fault cannot_renew() {
    return {.subcode = "e:UnableToRenew", .code = kEventing, .text = "The subscription cannot be renewed."};
}

Fault timed_out() {
    return {.sender = false,
            .subcode = "w:TimedOut",
            .code = kTimedOut,
            .text = "The operation could not be completed within the time that was set for it."};
}

// A quota; Windows reports it as wsman:InternalError, so the code tells [MS-WSMV 3.1.4.1.19].
Fault too_many_operations() {
    return {.sender = false,
            .subcode = "w:InternalError",
            .code = kTooManyOperations,
            .text =
                "The WS-Management service cannot process the request. The maximum number of concurrent operations "
                "for this user has been exceeded."};
}

Fault read_only(std::string_view class_name) {
    return of_wmi({.sender = false,
                   .subcode = "w:InternalError",
                   .code = kProviderFailed,
                   .text = "The WMI provider cannot perform the requested operation."},
                  kWmiProviderNotCapable, "Provider is not capable of the attempted operation", "PutInstance",
                  class_name);
}

}  // namespace lab::faults
