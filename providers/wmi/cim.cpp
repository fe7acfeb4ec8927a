// See cim.hpp.
#include "providers/wmi/cim.hpp"

#include <fmt/format.h>
#include <charconv>

#include "engine/base/text.hpp"
#include "providers/wmi/spaces.hpp"

namespace fairway::wmi::cim {
namespace {

bool is_nil(const xml::Element& element) {
    const auto nil = element.attribute(space::xsi, "nil");
    return text::same_folded(nil, "true") || nil == "1";
}

// Windows puts dates into a child of the cim namespace, others directly (sheet 4.4); the text is kept as is.
const std::string& value_text(const xml::Element& element) {
    for (const xml::Element& child : element.children)
        if (child.space == space::cim &&
            (child.local == "Datetime" || child.local == "Interval" || child.local == "Date" || child.local == "Time" ||
             child.local == "CIM_DateTime"))
            return child.text;
    return element.text;
}

Property& property_of(Instance& instance, std::string_view name) {
    for (Property& property : instance.properties)
        if (text::same_folded(property.name, name)) return property;
    Property fresh;
    fresh.name = name;
    return instance.properties.emplace_back(std::move(fresh));
}

std::optional<Selector> read_selector(const xml::Element& element) {
    Selector out{std::string(element.attribute({}, "Name")), element.text};
    if (out.name.empty()) return std::nullopt;
    if (const xml::Element* inner = element.child(space::addressing, "EndpointReference")) {
        auto reference = read_reference(*inner);
        if (!reference) return std::nullopt;
        out.value.clear();
        out.reference.push_back(std::move(*reference));
    }
    return out;
}

auto not_a(const Property& property, std::string_view type) {
    return fail(Code::protocol,
                fmt::format("the host gave `{}` for {}, which should be {}",
                            property.values.empty() ? "" : property.values.front().substr(0, 60), property.name, type));
}

// Empty: no such property, null, or an array of nothing.
const Property* held(const Instance& instance, std::string_view name) {
    const Property* property = instance.find(name);
    return property == nullptr || property->null || property->values.empty() ? nullptr : property;
}

void write_value(xml::Writer& out, std::string_view type, std::string_view value) {
    // DSP0201 5.2.4.1: TRUE and FALSE.
    if (type == "boolean") value = text::same_folded(value, "true") || value == "1" ? "TRUE" : "FALSE";
    out.leaf("VALUE", value);
}

void read_values(const xml::Element& element, Property& out) {
    if (const xml::Element* value = element.child("VALUE")) out.values.push_back(value->text);
    if (const xml::Element* values = element.child("VALUE.ARRAY")) {
        for (const xml::Element& value : values->children)
            if (value.local == "VALUE") out.values.push_back(value.text);
    } else {
        out.null = out.values.empty();
    }
}

}  // namespace

const Property* Instance::find(std::string_view name) const {
    for (const Property& property : properties)
        if (text::same_folded(property.name, name)) return &property;
    return nullptr;
}

std::optional<std::string> Instance::text(std::string_view name) const {
    const Property* property = held(*this, name);
    return property == nullptr ? std::nullopt : std::optional(property->values.front());
}

Result<std::optional<bool>> Instance::boolean(std::string_view name) const {
    const Property* property = held(*this, name);
    if (property == nullptr) return std::nullopt;
    const std::string_view value = text::trim(property->values.front());
    if (property->values.size() == 1 && (text::same_folded(value, "true") || value == "1")) return true;
    if (property->values.size() == 1 && (text::same_folded(value, "false") || value == "0")) return false;
    return not_a(*property, "true or false");
}

Result<std::optional<std::uint64_t>> Instance::integer(std::string_view name) const {
    const Property* property = held(*this, name);
    if (property == nullptr) return std::nullopt;
    const std::string_view digits = text::trim(property->values.front());
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (property->values.size() != 1 || error != std::errc{} || end != digits.data() + digits.size())
        return not_a(*property, "a number");
    return out;
}

std::vector<std::string> Instance::list(std::string_view name) const {
    const Property* property = held(*this, name);
    return property == nullptr ? std::vector<std::string>{} : property->values;
}

const Reference* Instance::reference(std::string_view name) const {
    const Property* property = find(name);
    return property == nullptr || property->references.empty() ? nullptr : &property->references.front();
}

Property scalar(std::string_view name, std::string_view type, std::string value) {
    return Property{.name = std::string(name), .type = std::string(type), .values = {std::move(value)}};
}

Property array(std::string_view name, std::string_view type, std::vector<std::string> values) {
    return Property{.name = std::string(name), .type = std::string(type), .array = true, .values = std::move(values)};
}

std::string class_of(std::string_view resource) { return std::string(resource.substr(resource.rfind('/') + 1)); }

Instance read_instance(const xml::Element& element) {
    Instance out;
    out.class_name = element.local;
    for (const xml::Element& child : element.children) {
        Property& property = property_of(out, child.local);
        if (auto reference = read_reference(child)) {
            property.array = !property.references.empty();
            property.references.push_back(std::move(*reference));
        } else if (is_nil(child)) {
            property.null = property.values.empty();
        } else {
            property.null = false;
            property.array = !property.values.empty();
            property.values.push_back(value_text(child));
        }
    }
    return out;
}

std::optional<Reference> read_reference(const xml::Element& element) {
    // Some servers wrap the parameter's reference once more, though the mapping says they must not.
    if (const xml::Element* wrapped = element.child(space::addressing, "EndpointReference"))
        return read_reference(*wrapped);
    const xml::Element* parameters = element.child(space::addressing, "ReferenceParameters");
    if (parameters == nullptr) return std::nullopt;
    const xml::Element* resource = parameters->child(space::wsman, "ResourceURI");
    if (resource == nullptr) return std::nullopt;
    Reference out{std::string(text::trim(resource->text)), {}};
    if (const xml::Element* set = parameters->child(space::wsman, "SelectorSet")) {
        for (const xml::Element& child : set->children) {
            auto selector = read_selector(child);
            if (!selector) return std::nullopt;
            out.selectors.push_back(std::move(*selector));
        }
    }
    return out;
}

void write_selectors(xml::Writer& out, std::span<const Selector> selectors) {
    if (selectors.empty()) return;
    out.open("w:SelectorSet");
    for (const Selector& selector : selectors) {
        out.open("w:Selector", {{"Name", selector.name}});
        if (selector.reference.empty()) {
            out.text(selector.value);
        } else {
            out.open("a:EndpointReference");
            write_reference(out, selector.reference.front());
            out.close();
        }
        out.close();
    }
    out.close();
}

void write_reference(xml::Writer& out, const Reference& reference) {
    out.leaf("a:Address", space::anonymous).open("a:ReferenceParameters");
    out.leaf("w:ResourceURI", reference.resource);
    write_selectors(out, reference.selectors);
    out.close();
}

Result<std::string> to_text(const Instance& instance) {
    xml::Writer out;
    out.open("INSTANCE", {{"CLASSNAME", instance.class_name}});
    for (const Property& property : instance.properties) {
        if (property.null || (property.values.empty() && !property.array)) continue;
        out.open(property.array ? "PROPERTY.ARRAY" : "PROPERTY", {{"NAME", property.name}, {"TYPE", property.type}});
        if (property.array) out.open("VALUE.ARRAY");
        for (const std::string& value : property.values) write_value(out, property.type, value);
        if (property.array) out.close();
        out.close();
    }
    out.close();
    return std::move(out).finish();
}

Result<Instance> from_text(std::string_view text) {
    const auto root = xml::parse(text);
    if (!root) return tl::unexpected(root.error());
    if (root->local != "INSTANCE" || root->attribute({}, "CLASSNAME").empty())
        return fail(Code::protocol, "an embedded instance is not CIM-XML text (no INSTANCE with a CLASSNAME)");
    Instance out;
    out.class_name = root->attribute({}, "CLASSNAME");
    for (const xml::Element& child : root->children) {
        if (child.local != "PROPERTY" && child.local != "PROPERTY.ARRAY") continue;  // QUALIFIER and the like
        Property property;
        property.name = child.attribute({}, "NAME");
        property.type = child.attribute({}, "TYPE");
        property.array = child.local == "PROPERTY.ARRAY";
        if (property.name.empty() || property.type.empty())
            return fail(Code::protocol, "an embedded instance has a property without NAME or TYPE");
        read_values(child, property);
        out.properties.push_back(std::move(property));
    }
    return out;
}

}  // namespace fairway::wmi::cim
