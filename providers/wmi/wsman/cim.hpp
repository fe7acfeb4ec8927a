// What is a CIM instance, and a reference to one, and how do they stand in WS-Man XML (DSP0230, MS-WSMV
// 3.1.4.1.26) and in CIM-XML DTD 2.0 text (the embedded instances of Hyper-V's methods)? Values only: it
// knows no class by name and sends nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "providers/wmi/wsman/cim_datetime.hpp"
#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi::cim {

struct Selector;

// An endpoint reference: the resource URI of a class and the keys of one instance of it.
struct Reference {
    std::string resource;
    std::vector<Selector> selectors;
};

struct Selector {
    std::string name;
    std::string value;
    std::vector<Reference> reference = {};  // one for a REF-typed key; then `value` is empty
};

// A property as it was read. CIM's null is `null`; what the instance does not have is not listed at all.
// One element of an array looks like a scalar on the wire, so the reader of the property decides.
struct Property {
    std::string name;
    std::string type = {};  // CIM's word, where the form says it (CIM-XML does, WS-Man does not)
    bool null = false;
    bool array = false;
    std::vector<std::string> values = {};    // texts exactly as they came; dates in whichever form
    std::vector<Reference> references = {};  // of a REF property
};

struct Instance {
    std::string class_name;  // empty for a w:XmlFragment: columns of a query belong to no class
    std::vector<Property> properties;
    std::optional<Reference> self = {};  // where an enumeration gave it beside the object

    const Property* find(std::string_view name) const;  // without case, as CIM compares names
    bool has(std::string_view name) const { return find(name) != nullptr; }
    // Empty: absent or null (servers drop null properties; WMI-8). Error: the text is not of that type.
    std::optional<std::string> text(std::string_view name) const;
    Result<std::optional<bool>> boolean(std::string_view name) const;
    Result<std::optional<std::uint64_t>> integer(std::string_view name) const;
    Result<std::optional<DateTime>> datetime(std::string_view name) const;  // whichever shape it came in
    std::vector<std::string> list(std::string_view name) const;
    const Reference* reference(std::string_view name) const;
};

std::size_t footprint(const Instance& instance);  // bytes that it takes in memory, about

Property scalar(std::string_view name, std::string_view type, std::string value);
Property array(std::string_view name, std::string_view type, std::vector<std::string> values);

std::string class_of(std::string_view resource);  // the last part of a resource URI

// The children of a class element, of a method's output, or of a w:XmlFragment.
Instance read_instance(const xml::Element& element);
// The children of an a:EndpointReference, or of a parameter that is one (WMI-10).
std::optional<Reference> read_reference(const xml::Element& element);
// a:Address and a:ReferenceParameters, directly in whatever element is open (WMI-10).
void write_reference(xml::Writer& out, const Reference& reference);
void write_selectors(xml::Writer& out, std::span<const Selector> selectors);

// CIM-XML DTD 2.0 text (DSP0201), with & < > " and ' as numbers: a host refused the named forms of & and < within a
// value, and took &#34; (WMI-25). Null properties are left out when writing: Hyper-V's clients in the field
// do so, and a property that is left out stays as it is (WMI-12, WMI-32). Dates go out in CIM's own form
// (WMI-13). Error, rather than something else than was meant: a property without a type, a boolean or a date
// that is none.
Result<std::string> to_text(const Instance& instance);
// Attributes, qualifiers, references and embedded objects beside the plain properties are passed over; so is
// VALUE.NULL within an array. A text that was escaped once too often is unescaped once.
Result<Instance> from_text(std::string_view text);

}  // namespace fairway::wmi::cim
