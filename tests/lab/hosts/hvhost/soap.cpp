// Reading the envelope [MS-WSMV 3.1.4.1, DSP0226 5 and 6].
#include "soap.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "fault.hpp"
#include "names.hpp"

namespace lab {
namespace {

constexpr std::uint64_t kSmallestEnvelope = 8192;

constexpr std::array kUnderstood = {
    XmlName{uri::addressing, "To"},         XmlName{uri::addressing, "Action"},
    XmlName{uri::addressing, "MessageID"},  XmlName{uri::addressing, "ReplyTo"},
    XmlName{uri::wsman, "ResourceURI"},     XmlName{uri::wsman, "SelectorSet"},
    XmlName{uri::wsman, "MaxEnvelopeSize"}, XmlName{uri::wsman, "OperationTimeout"},
    XmlName{uri::wsman, "Locale"},          XmlName{uri::wsman, "OptionSet"},
    XmlName{uri::microsoft, "DataLocale"},  XmlName{uri::microsoft, "SessionId"},
    XmlName{uri::eventing, "Identifier"},   XmlName{uri::microsoft, "OperationID"},
    XmlName{uri::microsoft, "SequenceId"},
};

bool must_understand(const pugi::xml_node& header) {
    const auto value = attribute_of(header, {uri::soap, "mustUnderstand"});
    return value == "true" || value == "1";
}

void check_headers(const pugi::xml_node& header) {
    for (const auto element : elements_of(header)) {
        const auto name = name_of(element);
        if (!must_understand(element)) continue;
        if (std::find(kUnderstood.begin(), kUnderstood.end(), name) == kUnderstood.end()) {
            throw faults::not_understood(element.name());
        }
        // Both locale headers are only hints; a client that insists is refused [MS-WSMV 3.1.4.1.5].
        if (name.local == "Locale" || name.local == "DataLocale") {
            throw faults::unsupported("Locale", "The locale headers must not be marked mustUnderstand.");
        }
    }
}

std::string header_text(const pugi::xml_node& header, XmlName name) {
    return trimmed(text_of(child_named(header, name)));
}

void read_resource_uri(std::string_view resource_uri, Request& request) {
    if (resource_uri == uri::event_log) return;  // it has neither namespace nor class
    if (!resource_uri.starts_with(uri::wmi)) throw faults::unknown_resource(resource_uri);
    const auto path = resource_uri.substr(uri::wmi.size());
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) throw faults::unknown_resource(resource_uri);
    request.ns = path.substr(0, slash);
    request.class_name = path.substr(slash + 1);
}

std::vector<Selector> read_selectors(const pugi::xml_node& parent) {
    std::vector<Selector> selectors;
    const auto set = child_named(parent, {uri::wsman, "SelectorSet"});
    for (const auto element : elements_of(set)) {
        if (name_of(element) != XmlName{uri::wsman, "Selector"}) throw faults::schema("Only w:Selector is expected.");
        const std::string name = element.attribute("Name").value();
        if (name.empty()) throw faults::schema("A w:Selector lacks its Name.");
        selectors.push_back({name, text_of(element)});
    }
    return selectors;
}

// __cimnamespace may repeat the namespace of the URI, and nothing else [MS-WSMV notes 45, 46].
void drop_namespace_selector(std::vector<Selector>& selectors, std::string_view ns) {
    const auto at = std::find_if(selectors.begin(), selectors.end(),
                                 [](const Selector& s) { return same_name(s.name, "__cimnamespace"); });
    if (at == selectors.end()) return;
    std::string named = at->text;
    std::replace(named.begin(), named.end(), '\\', '/');
    if (!same_name(named, ns)) throw faults::other_namespace(named, ns);
    selectors.erase(at);
}

std::uint64_t read_max_envelope(const pugi::xml_node& header) {
    const auto text = header_text(header, {uri::wsman, "MaxEnvelopeSize"});
    if (text.empty()) return kServerMaxEnvelope;
    std::uint64_t wanted = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), wanted);
    if (wrong != std::errc{} || end != text.data() + text.size()) throw faults::schema("MaxEnvelopeSize is no number.");
    if (wanted < kSmallestEnvelope) throw faults::envelope_too_small(wanted);
    return std::min(wanted, kServerMaxEnvelope);
}

void check_timeout(const pugi::xml_node& header) {
    const auto text = header_text(header, {uri::wsman, "OperationTimeout"});
    if (!text.empty() && !text.starts_with("P")) throw faults::schema("OperationTimeout is no xs:duration.");
}

void check_reply_to(const pugi::xml_node& header) {
    const auto reply_to = child_named(header, {uri::addressing, "ReplyTo"});
    if (!reply_to) throw faults::missing_header("a:ReplyTo");
    if (trimmed(text_of(child_named(reply_to, {uri::addressing, "Address"}))) != uri::anonymous) {
        throw faults::unsupported("AddressingMode", "Only the anonymous ReplyTo address is supported.");
    }
}

}  // namespace

void read_request(std::string_view text, Request& request) {
    request.document = std::make_unique<pugi::xml_document>();
    if (const auto wrong = parse_strict(text, *request.document)) throw faults::malformed(*wrong);
    const auto envelope = elements_of(*request.document).front();
    if (name_of(envelope) != XmlName{uri::soap, "Envelope"}) throw faults::schema("The root is no SOAP 1.2 Envelope.");
    const auto header = child_named(envelope, {uri::soap, "Header"});
    const auto body = child_named(envelope, {uri::soap, "Body"});
    if (!body) throw faults::schema("The envelope has no Body.");
    const auto content = elements_of(body);
    if (content.size() > 1) throw faults::schema("The Body has more than one element.");
    if (!content.empty()) request.body = content.front();

    request.identify = name_of(request.body) == XmlName{uri::identity, "Identify"};
    if (request.identify) return;

    request.message_id = header_text(header, {uri::addressing, "MessageID"});
    check_headers(header);
    if (request.message_id.empty()) throw faults::missing_header("a:MessageID");
    if (header_text(header, {uri::addressing, "To"}).empty()) throw faults::missing_header("a:To");
    check_reply_to(header);
    request.action = header_text(header, {uri::addressing, "Action"});
    if (request.action.empty()) throw faults::missing_header("a:Action");
    request.resource_uri = header_text(header, {uri::wsman, "ResourceURI"});
    if (request.resource_uri.empty()) throw faults::missing_header("w:ResourceURI");
    read_resource_uri(request.resource_uri, request);
    request.selectors = read_selectors(header);
    for (const auto option : elements_of(child_named(header, {uri::wsman, "OptionSet"}))) {
        request.options.push_back({option.attribute("Name").value(), trimmed(text_of(option))});
    }
    request.identifier = header_text(header, {uri::eventing, "Identifier"});
    drop_namespace_selector(request.selectors, request.ns);
    request.max_envelope = read_max_envelope(header);
    check_timeout(header);
}

Reference read_reference(const pugi::xml_node& node) {
    // A nested a:EndpointReference is what real hosts refuse, and what naive clients send.
    const auto parameters = child_named(node, {uri::addressing, "ReferenceParameters"});
    if (!parameters || !child_named(node, {uri::addressing, "Address"})) {
        throw faults::schema("A reference is a:Address and a:ReferenceParameters directly inside the parameter.");
    }
    Request target;
    read_resource_uri(trimmed(text_of(child_named(parameters, {uri::wsman, "ResourceURI"}))), target);
    target.selectors = read_selectors(parameters);
    drop_namespace_selector(target.selectors, target.ns);
    Reference reference{target.ns, target.class_name, {}};
    for (const auto& selector : target.selectors) reference.keys.emplace_back(selector.name, selector.text);
    return reference;
}

}  // namespace lab
