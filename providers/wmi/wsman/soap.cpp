// See soap.hpp. Facts: WMI-1 to WMI-16, and for URIs and queries WMI-27 and WMI-28.
#include "providers/wmi/wsman/soap.hpp"

#include <fmt/format.h>
#include <random>

#include "engine/base/text.hpp"
#include "providers/wmi/wsman/envelope.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::soap {
namespace {

std::string transfer(std::string_view word) { return fmt::format("{}/{}", space::transfer, word); }

Result<xml::Element> body_of(xml::Element& envelope) {
    if (!envelope.is(space::soap, "Envelope"))
        return fail(Code::protocol, "the answer is XML but no SOAP 1.2 envelope");
    for (xml::Element& part : envelope.children)
        if (part.is(space::soap, "Body")) return std::move(part);
    return fail(Code::protocol, "the answer is a SOAP envelope without a body");
}

// Empty if the reply names no request.
std::string_view relates_to(const xml::Element& envelope) {
    const xml::Element* header = envelope.child(space::soap, "Header");
    const xml::Element* relates = header ? header->child(space::addressing, "RelatesTo") : nullptr;
    return relates ? text::trim(relates->text) : std::string_view{};
}

// An item is an object, or (EnumerateObjectAndEPR, WMI-7) a w:Item with the object and the reference to it, or
// (EnumerateEPR) the reference alone.
cim::Instance read_object(const xml::Element& item) {
    if (item.is(space::addressing, "EndpointReference")) {
        cim::Instance out;
        out.self = cim::read_reference(item);
        if (out.self) out.class_name = cim::class_of(out.self->resource);
        return out;
    }
    if (!item.is(space::wsman, "Item")) return cim::read_instance(item);
    cim::Instance out;
    std::optional<cim::Reference> self;
    for (const xml::Element& part : item.children) {
        if (part.is(space::addressing, "EndpointReference")) self = cim::read_reference(part);
        else out = cim::read_instance(part);
    }
    out.self = std::move(self);
    return out;
}

}  // namespace

std::string fresh_id() {
    thread_local std::random_device source;
    std::uint32_t r[4];
    for (auto& word : r) word = source();
    // RFC 4122 4.4: version 4, variant 1.
    return fmt::format("uuid:{:08X}-{:04X}-{:04X}-{:04X}-{:04X}{:08X}", r[0], r[1] >> 16, (r[1] & 0xfff) | 0x4000,
                       ((r[2] >> 16) & 0x3fff) | 0x8000, r[2] & 0xffff, r[3]);
}

std::string resource(std::string_view wmi_namespace, std::string_view class_name) {
    return fmt::format("{}{}/{}", space::wmi, wmi_namespace, class_name);
}

std::string wql_literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\\' || c == '\'' || c == '"') out += '\\';
        out += c;
    }
    return out += '\'';
}

Result<std::string> identify() {
    xml::Writer out;
    out.open("s:Envelope", {{"xmlns:s", space::soap}, {"xmlns:i", space::identity}});
    out.open("s:Header").close().open("s:Body").open("i:Identify").close();
    return close_envelope(std::move(out));
}

Result<std::string> get(const Heading& heading, const cim::Reference& instance) {
    xml::Writer out;
    open_envelope(out, heading, instance.resource, transfer("Get"), instance.selectors);
    return close_envelope(std::move(out));
}

// DSP0226 8.2.3: the first batch comes with the answer to Enumerate.
Result<std::string> enumerate(const Heading& heading, std::string_view resource, const Query& query) {
    xml::Writer out;
    open_envelope(out, heading, resource, enumeration_action("Enumerate"), {});
    out.open("n:Enumerate").leaf("w:OptimizeEnumeration", "").leaf("w:MaxElements", std::to_string(query.batch));
    if (!query.wql.empty()) out.leaf("w:Filter", query.wql, {{"Dialect", space::wql}});
    out.close();
    return close_envelope(std::move(out));
}

Result<std::string> pull(const Heading& heading, std::string_view resource, std::string_view context,
                         const Query& query) {
    xml::Writer out;
    open_envelope(out, heading, resource, enumeration_action("Pull"), {});
    out.open("n:Pull").leaf("n:EnumerationContext", context).leaf("n:MaxElements", std::to_string(query.batch));
    out.close();
    return close_envelope(std::move(out));
}

Result<std::string> release(const Heading& heading, std::string_view resource, std::string_view context) {
    xml::Writer out;
    open_envelope(out, heading, resource, enumeration_action("Release"), {});
    out.open("n:Release").leaf("n:EnumerationContext", context).close();
    return close_envelope(std::move(out));
}

// MS-WSMV 4.1.4. A REF parameter is the reference itself; a wrapping EndpointReference is refused (WMI-10). An array is
// the element repeated (WMI-26).
Result<std::string> invoke(const Heading& heading, const cim::Reference& target, std::string_view method,
                           std::span<const Argument> arguments) {
    xml::Writer out;
    open_envelope(out, heading, target.resource, fmt::format("{}/{}", target.resource, method), target.selectors);
    out.open(fmt::format("m:{}_INPUT", method), {{"xmlns:m", target.resource}});
    for (const Argument& argument : arguments) {
        out.open("m:" + argument.name);
        if (const auto* text = std::get_if<std::string>(&argument.value)) out.text(*text);
        else cim::write_reference(out, std::get<cim::Reference>(argument.value));
        out.close();
    }
    out.close();
    return close_envelope(std::move(out));
}

Result<Reply> read_reply(std::string_view text, std::string_view id) {
    auto envelope = xml::parse(text);
    if (!envelope) return tl::unexpected(envelope.error());
    const std::string answered(relates_to(*envelope));
    auto body = body_of(*envelope);
    if (!body) return tl::unexpected(body.error());
    Reply out{std::move(*body), std::nullopt};
    for (xml::Element& part : envelope->children)
        if (part.is(space::soap, "Header")) out.header = std::move(part);
    if (const xml::Element* fault = out.body.child(space::soap, "Fault")) out.fault = read_fault(*fault);
    // A fault about an unreadable request cannot name it; any other reply must be ours.
    if (answered.empty() ? !out.fault : !text::same_folded(answered, id))
        return fail(Code::protocol,
                    "the answer belongs to another request (its RelatesTo is not our MessageID); "
                    "something between us and the host mixes answers up");
    return out;
}

std::optional<Fault> fault_in(std::string_view text) {
    const auto envelope = xml::parse(text);
    const xml::Element* body = envelope ? envelope->child(space::soap, "Body") : nullptr;
    const xml::Element* fault = body ? body->child(space::soap, "Fault") : nullptr;
    if (fault == nullptr) return std::nullopt;
    return read_fault(*fault);
}

bool says_busy(std::string_view text) {
    const auto fault = fault_in(text);
    return fault && is_busy(*fault);
}

// OMI puts the wrapper into the wrong namespace, so only the children count (WMI-3).
Result<Identity> read_identity(std::string_view text) {
    auto envelope = xml::parse(text);
    if (!envelope) return tl::unexpected(envelope.error());
    const auto body = body_of(*envelope);
    if (!body) return tl::unexpected(body.error());
    if (const xml::Element* fault = body->child(space::soap, "Fault"))
        return tl::unexpected(explain(read_fault(*fault)));
    const xml::Element* answer = body->child("IdentifyResponse");
    if (answer == nullptr) return fail(Code::protocol, "the answer to Identify is no IdentifyResponse");
    const auto part = [&](std::string_view name) {
        const xml::Element* child = answer->child(name);
        return child ? child->text : std::string{};
    };
    return Identity{part("ProductVendor"), part("ProductVersion"), part("ProtocolVersion")};
}

Result<Batch> read_batch(const xml::Element& body) {
    const xml::Element* answer = body.child(space::enumeration, "EnumerateResponse");
    if (answer == nullptr) answer = body.child(space::enumeration, "PullResponse");
    if (answer == nullptr)
        return fail(Code::protocol, "the answer to an enumeration is neither EnumerateResponse nor PullResponse");
    Batch out;
    // Items and EndOfSequence stand in wsman's namespace after Enumerate, in enumeration's after Pull (WMI-4).
    if (const xml::Element* items = answer->child("Items"))
        for (const xml::Element& child : items->children) out.instances.push_back(read_object(child));
    if (const xml::Element* context = answer->child(space::enumeration, "EnumerationContext"))
        out.context = text::trim(context->text);
    out.last = answer->child("EndOfSequence") != nullptr;
    return out;
}

}  // namespace fairway::wmi::soap
