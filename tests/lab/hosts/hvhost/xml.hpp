// Strict reading of XML with namespaces, and a writer that cannot produce a malformed document.
// pugixml is lenient and blind to namespaces; what a Windows host would refuse must be refused here.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

struct XmlName {
    std::string_view uri;
    std::string_view local;
    bool operator==(const XmlName&) const = default;
};

// Parses `text` into `doc`; an empty result is success, otherwise it says what is wrong.
// Refused: DOCTYPE, unknown entities, undeclared prefixes, bytes that are not UTF-8, depth above 64.
[[nodiscard]] std::optional<std::string> parse_strict(std::string_view text, pugi::xml_document& doc);

// The expanded name of an element; the uri is empty where no namespace is in force.
[[nodiscard]] XmlName name_of(const pugi::xml_node& element);

[[nodiscard]] std::vector<pugi::xml_node> elements_of(const pugi::xml_node& parent);
[[nodiscard]] pugi::xml_node child_named(const pugi::xml_node& parent, XmlName name);
// All character data directly inside the element, CDATA included.
[[nodiscard]] std::string text_of(const pugi::xml_node& element);
[[nodiscard]] std::string trimmed(std::string_view text);
// The attribute whose name has this uri and local part; empty when absent.
[[nodiscard]] std::string attribute_of(const pugi::xml_node& element, XmlName name);

class XmlWriter {
public:
    // `tag` is the name and, after it, attributes already escaped: `w:Selector Name="x"`.
    void open(std::string_view tag);
    void close();
    void leaf(std::string_view tag, std::string_view text);
    void empty(std::string_view tag);
    // Text that is well-formed XML already.
    void raw(std::string_view xml);
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    std::vector<std::string> open_;
};

[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace lab
