// See xml.hpp. pugixml is fast and lenient: it lets document types, unknown entities and undeclared prefixes
// pass. So a strict walk over the raw text comes first, and the namespaces are resolved after.
#include "providers/wmi/xml.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <pugixml.hpp>

#include "engine/base/text.hpp"

namespace fairway::wmi::xml {
namespace {

constexpr std::string_view xml_space = "http://www.w3.org/XML/1998/namespace";

auto broken(std::string_view why) { return fail(Code::protocol, fmt::format("not acceptable as XML: {}", why)); }

bool starts(std::string_view s, std::size_t at, std::string_view with) { return s.substr(at, with.size()) == with; }

// XML 1.0 2.2: what a character reference may name.
bool is_character(std::uint32_t point) {
    if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
    return point <= 0xd7ff || (point >= 0xe000 && point <= 0xfffd) || (point >= 0x10000 && point <= 0x10ffff);
}

// The five predefined entities and references to characters; nothing that a DTD could have defined.
bool is_known_reference(std::string_view name) {
    constexpr std::array<std::string_view, 5> predefined = {"lt", "gt", "amp", "quot", "apos"};
    if (std::find(predefined.begin(), predefined.end(), name) != predefined.end()) return true;
    if (name.size() < 2 || name[0] != '#') return false;
    const bool hex = name[1] == 'x';
    const std::string_view digits = name.substr(hex ? 2 : 1);
    std::uint32_t point = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
    return error == std::errc{} && end == digits.data() + digits.size() && is_character(point);
}

// Walks the raw text once: what must not be there, and how deep it goes, before anything is built.
class Guard {
public:
    Guard(std::string_view document, std::size_t depth) : s_(document), limit_(depth) {}

    // Empty: acceptable. Otherwise what is wrong.
    std::string_view check() {
        while (at_ < s_.size()) {
            const std::string_view wrong = s_[at_] == '<' ? markup() : content();
            if (!wrong.empty()) return wrong;
        }
        if (depth_ != 0) return "it ends inside an element (was it cut?)";
        return roots_ == 1 ? std::string_view{} : "it has not exactly one root element";
    }

private:
    std::string_view content() {
        if (s_[at_] == '&') return reference();
        if (depth_ == 0 && std::string_view(" \t\r\n").find(s_[at_]) == std::string_view::npos)
            return "there is text outside the root element";
        ++at_;
        return {};
    }

    std::string_view reference() {
        const auto end = s_.substr(at_, 12).find(';');
        if (end == std::string_view::npos || !is_known_reference(s_.substr(at_ + 1, end - 1)))
            return "it uses an entity that is not one of the five predefined ones";
        at_ += end + 1;
        return {};
    }

    std::string_view skip_past(std::string_view mark, std::string_view what) {
        const auto end = s_.find(mark, at_);
        if (end == std::string_view::npos) return what;
        at_ = end + mark.size();
        return {};
    }

    std::string_view markup() {
        if (starts(s_, at_, "<!--")) return skip_past("-->", "a comment does not end");
        if (starts(s_, at_, "<![CDATA["))
            return depth_ == 0 ? "there is text outside the root element" : skip_past("]]>", "CDATA does not end");
        if (starts(s_, at_, "<!")) return "it has a document type or an entity declaration, which are refused";
        if (starts(s_, at_, "<?")) return skip_past("?>", "a processing instruction does not end");
        return tag();
    }

    std::string_view tag() {
        const bool closing = starts(s_, at_, "</");
        char quote = 0;
        for (++at_; at_ < s_.size(); ++at_) {
            const char c = s_[at_];
            if (c == '<') return "a `<` stands inside a tag";
            if (c == '&') {
                if (const auto wrong = reference(); !wrong.empty()) return wrong;
                --at_;
            } else if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return tag_ends(closing, s_[at_++ - 1] == '/');
            }
        }
        return "it ends inside a tag (was it cut?)";
    }

    std::string_view tag_ends(bool closing, bool empty) {
        if (closing) return depth_-- == 0 ? "an element is closed that was not open" : std::string_view{};
        if (depth_ == 0) ++roots_;
        if (depth_ + 1 > limit_) return "its elements are nested too deeply";
        if (!empty) ++depth_;
        return {};
    }

    std::string_view s_;
    std::size_t limit_, at_ = 0, depth_ = 0, roots_ = 0;
};

struct Binding {
    std::string_view prefix, uri;
};

struct QName {
    std::string_view prefix, local;
};

QName split_name(std::string_view raw) {
    const auto colon = raw.find(':');
    return colon == std::string_view::npos ? QName{{}, raw} : QName{raw.substr(0, colon), raw.substr(colon + 1)};
}

// pugixml's tree turned into ours, with prefixes replaced by what they are bound to.
class Resolver {
public:
    // False: an undeclared prefix or a repeated attribute; `wrong` says which.
    bool read(const pugi::xml_node& node, Element& out) {
        const std::size_t outer = scope_.size();
        for (const pugi::xml_attribute& a : node.attributes()) declare(a);
        const bool good = name(node, out) && attributes(node, out) && content(node, out);
        scope_.resize(outer);
        return good;
    }

    std::string wrong;

private:
    void declare(const pugi::xml_attribute& a) {
        const QName q = split_name(a.name());
        if (q.prefix == "xmlns") scope_.push_back({q.local, a.value()});
        if (q.prefix.empty() && q.local == "xmlns") scope_.push_back({{}, a.value()});
    }

    std::optional<std::string_view> uri_of(std::string_view prefix) {
        if (prefix == "xml") return xml_space;
        for (auto it = scope_.rbegin(); it != scope_.rend(); ++it)
            if (it->prefix == prefix) return it->uri;
        if (prefix.empty()) return std::string_view{};
        wrong = fmt::format("the prefix `{}` is not declared", prefix.substr(0, 40));
        return std::nullopt;
    }

    bool name(const pugi::xml_node& node, Element& out) {
        const QName q = split_name(node.name());
        const auto uri = uri_of(q.prefix);
        if (!uri) return false;
        out.space = *uri;
        out.local = q.local;
        return true;
    }

    bool attributes(const pugi::xml_node& node, Element& out) {
        for (const pugi::xml_attribute& a : node.attributes()) {
            const QName q = split_name(a.name());
            if (q.prefix == "xmlns" || (q.prefix.empty() && q.local == "xmlns")) continue;
            // An attribute without a prefix is in no namespace (Namespaces in XML 6.2).
            const auto uri = q.prefix.empty() ? std::string_view{} : uri_of(q.prefix);
            if (!uri) return false;
            for (const Attribute& other : out.attributes) {
                if (other.local != q.local || other.space != *uri) continue;
                wrong = fmt::format("the attribute `{}` stands twice", q.local.substr(0, 40));
                return false;
            }
            out.attributes.push_back({std::string(*uri), std::string(q.local), a.value()});
        }
        return true;
    }

    bool content(const pugi::xml_node& node, Element& out) {
        for (const pugi::xml_node& part : node.children()) {
            if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out.text += part.value();
            if (part.type() != pugi::node_element) continue;
            if (!read(part, out.children.emplace_back())) return false;
        }
        return true;
    }

    std::vector<Binding> scope_;
};

}  // namespace

const Element* Element::child(std::string_view wanted_space, std::string_view wanted_local) const {
    for (const Element& c : children)
        if (c.is(wanted_space, wanted_local)) return &c;
    return nullptr;
}

const Element* Element::child(std::string_view wanted_local) const {
    for (const Element& c : children)
        if (c.local == wanted_local) return &c;
    return nullptr;
}

std::string_view Element::attribute(std::string_view wanted_space, std::string_view wanted_local) const {
    for (const Attribute& a : attributes)
        if (a.local == wanted_local && a.space == wanted_space) return a.value;
    return {};
}

Result<Element> parse(std::string_view document, Limits limits) {
    if (document.size() > limits.bytes) return broken(fmt::format("it is larger than {} bytes", limits.bytes));
    if (starts(document, 0, "\xef\xbb\xbf")) document.remove_prefix(3);
    if (!text::is_clean_utf8(document)) return broken("it is not UTF-8, or holds control characters");
    if (const auto wrong = Guard(document, limits.depth).check(); !wrong.empty()) return broken(wrong);

    constexpr unsigned flags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol |
                               pugi::parse_ws_pcdata_single;
    pugi::xml_document tree;
    const auto result = tree.load_buffer(document.data(), document.size(), flags, pugi::encoding_utf8);
    if (!result) return broken(fmt::format("{} at byte {}", result.description(), result.offset));
    Element root;
    Resolver resolver;
    if (!resolver.read(tree.document_element(), root)) return broken(resolver.wrong);
    return root;
}

void Writer::escape(std::string_view value) {
    if (!text::is_clean_utf8(value)) refused_ = true;
    for (const char c : value) {
        switch (c) {
            case '&': out_ += "&amp;"; break;
            case '<': out_ += "&lt;"; break;
            case '>': out_ += "&gt;"; break;  // so that ]]> cannot arise
            case '"': out_ += "&quot;"; break;
            case '\r': out_ += "&#13;"; break;  // a bare one would be read back as a line feed
            case '\n': out_ += "&#10;"; break;  // within an attribute it would be read back as a blank
            case '\t': out_ += "&#9;"; break;
            default: out_ += c;
        }
    }
}

Writer& Writer::open(std::string_view name, std::initializer_list<Pair> attributes) {
    out_ += '<';
    out_ += name;
    for (const Pair& pair : attributes) {
        out_ += ' ';
        out_ += pair.name;
        out_ += "=\"";
        escape(pair.value);
        out_ += '"';
    }
    out_ += '>';
    open_.emplace_back(name);
    return *this;
}

Writer& Writer::text(std::string_view value) {
    escape(value);
    return *this;
}

Writer& Writer::close() {
    out_ += "</";
    out_ += open_.back();
    out_ += '>';
    open_.pop_back();
    return *this;
}

Writer& Writer::leaf(std::string_view name, std::string_view value, std::initializer_list<Pair> attributes) {
    return open(name, attributes).text(value).close();
}

Result<std::string> Writer::finish() && {
    if (refused_)
        return fail(Code::bad_input, "a text to be sent holds control characters or is not UTF-8; XML cannot carry it");
    return std::move(out_);
}

}  // namespace fairway::wmi::xml
