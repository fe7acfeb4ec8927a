// See cim.hpp.
#include "providers/wmi/wsman/cim.hpp"

#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::cim {
namespace {

bool is_nil(const xml::Element& element) {
    const auto nil = element.attribute(space::xsi, "nil");
    return text::same_folded(nil, "true") || nil == "1";
}

// Windows puts dates into a child of the cim namespace, others directly (WMI-9); the text is kept as is.
const std::string& value_text(const xml::Element& element) {
    for (const xml::Element& child : element.children)
        if (child.space == space::cim &&
            (child.local == "Datetime" || child.local == "Interval" || child.local == "Date" || child.local == "Time" ||
             child.local == "CIM_DateTime"))
            return child.text;
    return element.text;
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

std::optional<bool> boolean_of(std::string_view raw) {
    raw = text::trim(raw);
    if (text::same_folded(raw, "true") || raw == "1") return true;
    if (text::same_folded(raw, "false") || raw == "0") return false;
    return std::nullopt;
}

auto not_a(const Property& property, std::string_view type) {
    return fail(Code::protocol, fmt::format("the host gave `{}` for {}, which should be {}",
                                            property.values.empty() ? "" : text::whole(property.values.front(), 60),
                                            property.name, type));
}

// Empty: no such property, null, or an array of nothing.
const Property* held(const Instance& instance, std::string_view name) {
    const Property* property = instance.find(name);
    return property == nullptr || property->null || property->values.empty() ? nullptr : property;
}

Result<std::string> written(const Property& property, const std::string& value) {
    if (property.type == "boolean") {
        // DSP0201 5.2.4.1: TRUE and FALSE (WMI-90).
        if (const auto on = boolean_of(value)) return *on ? "TRUE" : "FALSE";
        return fail(Code::bad_input, fmt::format("{} is to be sent as a boolean and is none", property.name));
    }
    if (property.type != "datetime") return value;
    const auto time = parse_datetime(value);
    if (!time) return fail(Code::bad_input, fmt::format("{}: {}", property.name, time.error().text));
    return cim_text(*time);
}

Result<void> write_property(xml::Writer& out, const Property& property) {
    if (property.name.empty() || property.type.empty())
        return fail(Code::bad_input, fmt::format("the property `{}` is to be sent without a type", property.name));
    if (!property.array && property.values.size() > 1)
        return fail(Code::bad_input, fmt::format("{} is to be sent as one value and has several", property.name));
    out.open(property.array ? "PROPERTY.ARRAY" : "PROPERTY", {{"NAME", property.name}, {"TYPE", property.type}});
    if (property.array) out.open("VALUE.ARRAY");
    for (const std::string& value : property.values) {
        const auto text = written(property, value);
        if (!text) return tl::unexpected(text.error());
        out.leaf("VALUE", *text);
    }
    if (property.array) out.close();
    out.close();
    return {};
}

auto not_cim_xml(std::string_view why) {
    return fail(Code::protocol, fmt::format("an embedded instance is not CIM-XML text: {}", why));
}

// The only child of that name. Error: there are several. Null: there is none.
Result<const xml::Element*> only(const xml::Element& element, std::string_view local) {
    const xml::Element* out = nullptr;
    for (const xml::Element& child : element.children) {
        if (child.local != local) continue;
        if (out != nullptr) return not_cim_xml(fmt::format("a property has several {}", local));
        out = &child;
    }
    return out;
}

Result<std::string> plain(const xml::Element& value) {
    if (!value.children.empty()) return not_cim_xml("elements stand in a VALUE");
    return value.text;
}

Result<Property> read_property(const xml::Element& element) {
    Property out;
    out.name = element.attribute({}, "NAME");
    out.type = element.attribute({}, "TYPE");
    out.array = element.local == "PROPERTY.ARRAY";
    if (out.name.empty() || out.type.empty()) return not_cim_xml("a property has no NAME or TYPE");
    const auto held = only(element, out.array ? "VALUE.ARRAY" : "VALUE");
    if (!held) return tl::unexpected(held.error());
    out.null = *held == nullptr;
    if (out.null) return out;
    if (!out.array) {
        auto value = plain(**held);
        if (!value) return tl::unexpected(value.error());
        out.values.push_back(std::move(*value));
        return out;
    }
    for (const xml::Element& child : (*held)->children) {
        if (child.local == "VALUE.NULL") continue;
        auto value = child.local == "VALUE" ? plain(child) : not_cim_xml("something else than a VALUE is in an array");
        if (!value) return tl::unexpected(value.error());
        out.values.push_back(std::move(*value));
    }
    return out;
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
    const auto value = boolean_of(property->values.front());
    if (property->values.size() != 1 || !value) return not_a(*property, "true or false");
    return *value;
}

Result<std::optional<std::uint64_t>> Instance::integer(std::string_view name) const {
    const Property* property = held(*this, name);
    if (property == nullptr) return std::nullopt;
    const auto out = text::number<std::uint64_t>(text::trim(property->values.front()));
    if (property->values.size() != 1 || !out) return not_a(*property, "a number");
    return out;
}

Result<std::optional<DateTime>> Instance::datetime(std::string_view name) const {
    const Property* property = held(*this, name);
    if (property == nullptr) return std::nullopt;
    const auto value = parse_datetime(property->values.front());
    if (property->values.size() != 1 || !value) return not_a(*property, "a date with a zone or a span of time");
    return *value;
}

std::vector<std::string> Instance::list(std::string_view name) const {
    const Property* property = held(*this, name);
    return property == nullptr ? std::vector<std::string>{} : property->values;
}

const Reference* Instance::reference(std::string_view name) const {
    const Property* property = find(name);
    return property == nullptr || property->references.empty() ? nullptr : &property->references.front();
}

std::size_t footprint(const Instance& instance) {
    const auto of_reference = [](const Reference& reference) {
        std::size_t out = sizeof reference + reference.resource.size();
        for (const Selector& selector : reference.selectors)
            out += sizeof selector + selector.name.size() + selector.value.size();
        return out;
    };
    std::size_t out = sizeof instance + instance.class_name.size();
    for (const Property& property : instance.properties) {
        out += sizeof property + property.name.size() + property.type.size();
        for (const std::string& value : property.values) out += sizeof value + value.size();
        for (const Reference& reference : property.references) out += of_reference(reference);
    }
    return out + (instance.self ? of_reference(*instance.self) : 0);
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
    if (!element.is(space::wsman, "XmlFragment")) out.class_name = element.local;
    std::unordered_map<std::string, std::size_t> places;  // an array is the element repeated
    for (const xml::Element& child : element.children) {
        const auto [place, fresh] = places.emplace(text::fold(child.local), out.properties.size());
        if (fresh) out.properties.emplace_back().name = child.local;
        Property& property = out.properties[place->second];
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
    xml::Writer out(xml::Writer::References::numeric);
    out.open("INSTANCE", {{"CLASSNAME", instance.class_name}});
    for (const Property& property : instance.properties) {
        if (property.null || (property.values.empty() && !property.array)) continue;
        if (const auto done = write_property(out, property); !done) return tl::unexpected(done.error());
    }
    out.close();
    return std::move(out).finish();
}

Result<Instance> from_text(std::string_view text) {
    std::string once;
    if (text::trim(text).starts_with("&lt;")) {
        const auto unescaped = xml::parse(fmt::format("<x>{}</x>", text));
        if (!unescaped) return tl::unexpected(unescaped.error());
        if (!unescaped->children.empty()) return not_cim_xml("it is escaped in part");
        once = unescaped->text;
        text = once;
    }
    const auto root = xml::parse(text::trim(text));
    if (!root) return not_cim_xml(root.error().text);
    if (root->local != "INSTANCE" || root->attribute({}, "CLASSNAME").empty())
        return not_cim_xml("no INSTANCE with a CLASSNAME");
    Instance out;
    out.class_name = root->attribute({}, "CLASSNAME");
    std::unordered_set<std::string> names;
    for (const xml::Element& child : root->children) {
        // QUALIFIER, PROPERTY.REFERENCE, PROPERTY.OBJECT and the like
        if (child.local != "PROPERTY" && child.local != "PROPERTY.ARRAY") continue;
        auto property = read_property(child);
        if (!property) return tl::unexpected(property.error());
        if (!names.insert(text::fold(property->name)).second) return not_cim_xml("a property stands there twice");
        out.properties.push_back(std::move(*property));
    }
    return out;
}

}  // namespace fairway::wmi::cim
