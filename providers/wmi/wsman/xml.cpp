// See xml.hpp. pugixml is fast and lenient: it lets document types, unknown entities and undeclared prefixes
// pass. So a strict walk over the raw text comes first (xml_guard), and the namespaces are resolved after.
#include "providers/wmi/wsman/xml.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <pugixml.hpp>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/xml_guard.hpp"

namespace fairway::wmi::xml {
namespace {

constexpr std::string_view xml_space = "http://www.w3.org/XML/1998/namespace";

auto broken(std::string_view why) { return fail(Code::protocol, fmt::format("not acceptable as XML: {}", why)); }

struct Binding {
    std::string_view prefix;
    Space uri;
};

struct QName {
    std::string_view prefix, local;

    bool declares() const { return prefix == "xmlns" || (prefix.empty() && local == "xmlns"); }
};

// Empty: not a name with at most one prefix (Namespaces in XML 1.0, section 4).
std::optional<QName> split_name(std::string_view raw) {
    const auto colon = raw.find(':');
    if (colon == std::string_view::npos) return QName{{}, raw};
    const QName out{raw.substr(0, colon), raw.substr(colon + 1)};
    // What follows the colon must be a name too: pugixml looks at the first character of the whole only.
    const bool sound = !out.prefix.empty() && !out.local.empty() && out.local.find(':') == std::string_view::npos &&
                       std::string_view("0123456789-.").find(out.local.front()) == std::string_view::npos;
    return sound ? std::optional(out) : std::nullopt;
}

constexpr std::size_t most_bindings = 256;  // in force at one place; each name is looked up among them

// pugixml's tree turned into ours, with prefixes replaced by what they are bound to.
class Resolver {
public:
    // False: an undeclared prefix or a repeated attribute; `wrong` says which.
    bool read(const pugi::xml_node& node, Element& out) {
        const std::size_t outer = scope_.size();
        bool good = true;
        for (const pugi::xml_attribute& a : node.attributes()) good = good && declare(a, outer);
        good = good && name(node, out) && attributes(node, out) && content(node, out);
        scope_.resize(outer);
        return good;
    }

    std::string wrong;

private:
    std::optional<QName> split(std::string_view raw) {
        const auto out = split_name(raw);
        if (!out) wrong = fmt::format("`{}` is no name with one prefix", text::whole(raw, 40));
        return out;
    }

    // `outer`: how many bindings the elements around this one have made.
    bool declare(const pugi::xml_attribute& a, std::size_t outer) {
        const auto q = split(a.name());
        if (!q) return false;
        if (!q->declares()) return true;
        Binding fresh{q->prefix.empty() ? std::string_view{} : q->local, Space(a.value())};
        const bool taken = std::any_of(scope_.begin() + static_cast<std::ptrdiff_t>(outer), scope_.end(),
                                       [&](const Binding& b) { return b.prefix == fresh.prefix; });
        // Namespaces in XML 1.0, sections 2.2 and 3: only the default may be taken back, `xml` is fixed.
        const bool odd =
            fresh.prefix == "xml" || fresh.prefix == "xmlns" || (!fresh.prefix.empty() && fresh.uri.empty());
        if (taken || odd || scope_.size() >= most_bindings) {
            wrong = fmt::format("the prefix `{}` cannot be declared there", text::whole(fresh.prefix, 40));
            return false;
        }
        scope_.push_back(std::move(fresh));
        return true;
    }

    std::optional<Space> uri_of(std::string_view prefix) {
        if (prefix == "xml") return Space(xml_space);
        for (auto it = scope_.rbegin(); it != scope_.rend(); ++it)
            if (it->prefix == prefix) return it->uri;
        if (prefix.empty()) return Space();
        wrong = fmt::format("the prefix `{}` is not declared", text::whole(prefix, 40));
        return std::nullopt;
    }

    bool name(const pugi::xml_node& node, Element& out) {
        const auto q = split(node.name());
        auto uri = q ? uri_of(q->prefix) : std::nullopt;
        if (!uri) return false;
        out.space = std::move(*uri);
        out.local = q->local;
        return true;
    }

    bool attributes(const pugi::xml_node& node, Element& out) {
        for (const pugi::xml_attribute& a : node.attributes()) {
            const QName q = *split_name(a.name());  // declare() has looked at it
            if (q.declares()) continue;
            // An attribute without a prefix is in no namespace (Namespaces in XML 6.2).
            auto uri = q.prefix.empty() ? Space() : uri_of(q.prefix);
            if (!uri) return false;
            for (const Attribute& other : out.attributes) {
                if (other.local != q.local || other.space != *uri) continue;
                wrong = fmt::format("the attribute `{}` stands twice", text::whole(q.local, 40));
                return false;
            }
            out.attributes.push_back({std::move(*uri), std::string(q.local), a.value()});
        }
        return true;
    }

    bool content(const pugi::xml_node& node, Element& out) {
        const auto parts = node.children();
        out.children.reserve(static_cast<std::size_t>(std::count_if(
            parts.begin(), parts.end(), [](const pugi::xml_node& part) { return part.type() == pugi::node_element; })));
        for (const pugi::xml_node& part : parts) {
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
    if (document.starts_with("\xef\xbb\xbf")) document.remove_prefix(3);
    if (!text::is_clean_utf8(document)) return broken("it is not UTF-8, or holds control characters");
    if (const auto wrong = refusal(document, limits); !wrong.empty()) return broken(wrong);

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

void Writer::refer(char c, std::string_view name) {
    if (references_ == References::named) out_ += name;
    else out_ += fmt::format("&#{};", static_cast<int>(c));
}

void Writer::escape(std::string_view value) {
    if (!text::is_clean_utf8(value)) refused_ = true;
    for (const char c : value) {
        switch (c) {
            case '&': refer(c, "&amp;"); break;
            case '<': refer(c, "&lt;"); break;
            case '>': refer(c, "&gt;"); break;  // so that ]]> cannot arise
            case '"': refer(c, "&quot;"); break;
            case '\'': refer(c, "'"); break;
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
