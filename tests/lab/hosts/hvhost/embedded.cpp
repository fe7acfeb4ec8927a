// CIM-XML in, CIM-XML out.
#include "embedded.hpp"

#include "methods.hpp"
#include "xml.hpp"

namespace lab {
namespace {

std::optional<std::vector<std::string>> one_value(const pugi::xml_node& parent) {
    const auto value = parent.child("VALUE");
    if (!value) return std::nullopt;
    return std::vector<std::string>{text_of(value)};
}

std::optional<std::vector<std::string>> many_values(const pugi::xml_node& parent) {
    const auto array = parent.child("VALUE.ARRAY");
    if (!array) return std::nullopt;
    std::vector<std::string> values;
    for (const auto value : elements_of(array)) values.push_back(text_of(value));
    return values;
}

void property(XmlWriter& out, std::string_view name, std::string_view type, std::string_view text) {
    out.open("PROPERTY NAME=\"" + std::string(name) + "\" TYPE=\"" + std::string(type) + "\"");
    out.leaf("VALUE", text);
    out.close();
}

}  // namespace

std::optional<std::uint64_t> refused_reference(std::string_view text) {
    constexpr std::string_view open = "<VALUE>", close = "</VALUE>";
    for (auto at = text.find(open); at != std::string_view::npos; at = text.find(open, at)) {
        at += open.size();
        const auto value = text.substr(at, text.find(close, at) - at);
        for (auto sign = value.find('&'); sign != std::string_view::npos; sign = value.find('&', sign + 1)) {
            if (value.substr(sign).starts_with("&#")) continue;
            return value.substr(sign).starts_with("&amp;") ? result::failed : result::invalid_parameter;
        }
    }
    return std::nullopt;
}

std::optional<Embedded> parse_embedded(std::string_view text) {
    pugi::xml_document document;
    if (parse_strict(trimmed(text), document)) return std::nullopt;
    const auto root = elements_of(document).front();
    if (std::string_view(root.name()) != "INSTANCE") return std::nullopt;
    Embedded embedded{root.attribute("CLASSNAME").value(), {}};
    for (const auto element : elements_of(root)) {
        const std::string_view kind = element.name();
        if (kind == "QUALIFIER") continue;
        const bool array = kind == "PROPERTY.ARRAY";
        if (!array && kind != "PROPERTY") return std::nullopt;
        embedded.properties.push_back({element.attribute("NAME").value(), element.attribute("TYPE").value(), array,
                                       array ? many_values(element) : one_value(element)});
    }
    return embedded;
}

std::string embedded_error(std::string_view message_id, std::string_view message) {
    XmlWriter out;
    out.open("INSTANCE CLASSNAME=\"Msvm_Error\"");
    property(out, "MessageID", "string", message_id);
    property(out, "Message", "string", message);
    property(out, "OwningEntity", "string", "Hyper-V");
    property(out, "PerceivedSeverity", "uint16", "6");
    property(out, "ProbableCause", "uint16", "1");
    out.close();
    return out.text();
}

}  // namespace lab
