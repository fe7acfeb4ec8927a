// Strict XML on top of pugixml: the checks that it leaves out are made on the raw text and on the tree.
#include "xml.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace lab {
namespace {

constexpr int kMaxDepth = 64;

std::string_view prefix_of(std::string_view qname) {
    const auto colon = qname.find(':');
    return colon == std::string_view::npos ? std::string_view{} : qname.substr(0, colon);
}

std::string_view local_of(std::string_view qname) {
    const auto colon = qname.find(':');
    return colon == std::string_view::npos ? qname : qname.substr(colon + 1);
}

// The uri that `prefix` stands for at this element, or nothing when it is not declared.
std::optional<std::string_view> lookup(const pugi::xml_node& element, std::string_view prefix) {
    if (prefix == "xml") return "http://www.w3.org/XML/1998/namespace";
    const std::string wanted = prefix.empty() ? "xmlns" : "xmlns:" + std::string(prefix);
    for (auto node = element; node.type() == pugi::node_element; node = node.parent()) {
        if (const auto declaration = node.attribute(wanted.c_str())) return declaration.value();
    }
    if (prefix.empty()) return std::string_view{};
    return std::nullopt;
}

bool is_entity(std::string_view name) {
    if (name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos") return true;
    if (name.size() < 2 || name[0] != '#') return false;
    const bool hex = name[1] == 'x';
    const auto digits = name.substr(hex ? 2 : 1);
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), [hex](char c) {
        const auto u = static_cast<unsigned char>(c);
        return hex ? std::isxdigit(u) != 0 : std::isdigit(u) != 0;
    });
}

// pugixml keeps `&nonsense;` and a bare `&` as text; a real parser refuses both.
bool entities_are_known(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at).starts_with("<![CDATA[")) {
            at = text.find("]]>", at);
            if (at == std::string_view::npos) return false;
            continue;
        }
        if (text[at] != '&') continue;
        const auto end = text.find(';', at);
        if (end == std::string_view::npos || !is_entity(text.substr(at + 1, end - at - 1))) return false;
    }
    return true;
}

// Lengths and continuation bytes only: enough to catch Latin-1 and UTF-16 sent as UTF-8.
bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        if (lead < 0x20 && lead != '\t' && lead != '\n' && lead != '\r') return false;
        const std::size_t length = lead < 0x80             ? 1U
                                   : (lead & 0xE0) == 0xC0 ? 2U
                                   : (lead & 0xF0) == 0xE0 ? 3U
                                   : (lead & 0xF8) == 0xF0 ? 4U
                                                           : 0U;
        if (length == 0 || at + length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
        }
        at += length;
    }
    return true;
}

std::optional<std::string> check(const pugi::xml_node& node, int depth) {
    if (depth > kMaxDepth) return "nested too deeply";
    if (node.type() == pugi::node_doctype) return "a DOCTYPE is not accepted";
    if (node.type() == pugi::node_element && !lookup(node, prefix_of(node.name()))) {
        return "undeclared prefix in <" + std::string(node.name()) + ">";
    }
    for (auto a = node.first_attribute(); a; a = a.next_attribute()) {
        const auto prefix = prefix_of(a.name());
        if (!prefix.empty() && prefix != "xmlns" && !lookup(node, prefix)) {
            return "undeclared prefix in attribute " + std::string(a.name());
        }
        for (auto b = a.next_attribute(); b; b = b.next_attribute()) {
            if (std::strcmp(a.name(), b.name()) == 0) return "attribute given twice: " + std::string(a.name());
        }
    }
    for (const auto child : node.children()) {
        if (auto wrong = check(child, depth + 1)) return wrong;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> parse_strict(std::string_view text, pugi::xml_document& doc) {
    if (!is_utf8(text)) return "not UTF-8 text, or a control character";
    if (!entities_are_known(text)) return "an unknown entity, or an ampersand that is not escaped";
    const auto flags = pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single;
    const auto result = doc.load_buffer(text.data(), text.size(), flags, pugi::encoding_utf8);
    if (!result) return std::string(result.description());
    if (elements_of(doc).size() != 1) return "more than one root element";
    return check(doc, 0);
}

XmlName name_of(const pugi::xml_node& element) {
    return {lookup(element, prefix_of(element.name())).value_or(""), local_of(element.name())};
}

std::vector<pugi::xml_node> elements_of(const pugi::xml_node& parent) {
    std::vector<pugi::xml_node> found;
    for (const auto child : parent.children()) {
        if (child.type() == pugi::node_element) found.push_back(child);
    }
    return found;
}

pugi::xml_node child_named(const pugi::xml_node& parent, XmlName name) {
    for (const auto child : elements_of(parent)) {
        if (name_of(child) == name) return child;
    }
    return {};
}

std::string text_of(const pugi::xml_node& element) {
    std::string text;
    for (const auto child : element.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
    }
    return text;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::string attribute_of(const pugi::xml_node& element, XmlName name) {
    for (const auto attribute : element.attributes()) {
        const auto prefix = prefix_of(attribute.name());
        const auto uri = prefix.empty() ? std::string_view{} : lookup(element, prefix).value_or("");
        if (uri == name.uri && local_of(attribute.name()) == name.local) return attribute.value();
    }
    return {};
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            // Windows sends what XML cannot carry as a question mark [MS-WSMV 3.1.4.1.25].
            default: out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' ? '?' : c;
        }
    }
    return out;
}

void XmlWriter::open(std::string_view tag) {
    text_.append("<").append(tag).append(">");
    open_.emplace_back(tag.substr(0, tag.find(' ')));
}

void XmlWriter::close() {
    text_.append("</").append(open_.back()).append(">");
    open_.pop_back();
}

void XmlWriter::leaf(std::string_view tag, std::string_view text) {
    open(tag);
    text_ += escaped(text);
    close();
}

void XmlWriter::empty(std::string_view tag) { text_.append("<").append(tag).append("/>"); }

void XmlWriter::raw(std::string_view xml) { text_ += xml; }

}  // namespace lab
