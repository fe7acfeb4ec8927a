// See xml_guard.hpp. The guard need not find every mistake, since pugixml parses after it; it must find those that
// pugixml would forgive.
#include "providers/wmi/wsman/xml_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/base/text.hpp"

namespace fairway::wmi::xml {
namespace {

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
    const auto point = text::number<std::uint32_t>(name.substr(hex ? 2 : 1), hex ? 16 : 10);
    return point && is_character(*point);
}

// How long a reference to a character that XML cannot hold is, at the start of `s`; 0: there is none.
std::size_t forbidden_reference(std::string_view s) {
    if (!s.starts_with("&#")) return 0;
    const bool hex = s.substr(2).starts_with('x');
    const std::size_t digits = hex ? 3 : 2;
    const auto end = s.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789", digits);
    if (end == std::string_view::npos || end == digits || s[end] != ';') return 0;
    return is_known_reference(s.substr(1, end - 1)) ? 0 : end + 1;
}

// Walks the raw text once: what must not be there, and how deep it goes, before anything is built.
class Guard {
public:
    Guard(std::string_view document, Limits limits) : s_(document), limits_(limits) {}

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
        if (starts(s_, at_, "]]>")) return "a `]]>` stands where no CDATA began";
        ++at_;
        while (depth_ != 0 && at_ < s_.size() && s_[at_] != '<' && s_[at_] != '&' && s_[at_] != ']') ++at_;
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
        const char next = at_ + 1 < s_.size() ? s_[at_ + 1] : '\0';
        if (next != '!' && next != '?') return tag();
        if (starts(s_, at_, "<!--")) return skip_past("-->", "a comment does not end");
        if (starts(s_, at_, "<![CDATA["))
            return depth_ == 0 ? "there is text outside the root element" : skip_past("]]>", "CDATA does not end");
        if (starts(s_, at_, "<!")) return "it has a document type or an entity declaration, which are refused";
        return skip_past("?>", "a processing instruction does not end");
    }

    std::string_view tag() {
        const bool closing = starts(s_, at_, "</");
        char quote = 0;
        std::size_t attributes = 0;
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
                if (++attributes > limits_.attributes) return "an element has too many attributes";
            } else if (c == '>') {
                return tag_ends(closing, s_[at_++ - 1] == '/');
            }
        }
        return "it ends inside a tag (was it cut?)";
    }

    std::string_view tag_ends(bool closing, bool empty) {
        if (closing) return depth_-- == 0 ? "an element is closed that was not open" : std::string_view{};
        if (depth_ == 0) ++roots_;
        if (depth_ + 1 > limits_.depth) return "its elements are nested too deeply";
        if (++elements_ > limits_.elements) return "it has too many elements";
        if (!empty) ++depth_;
        return {};
    }

    std::string_view s_;
    Limits limits_;
    std::size_t at_ = 0, depth_ = 0, roots_ = 0, elements_ = 0;
};

}  // namespace

std::string_view refusal(std::string_view document, const Limits& limits) { return Guard(document, limits).check(); }

std::string repaired(std::string_view document) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(document.size());
    for (std::size_t at = 0; at < document.size(); ++at) {
        const char c = document[at];
        const auto byte = static_cast<unsigned char>(c);
        if (const auto length = forbidden_reference(document.substr(at)); length != 0) {
            out += replacement;
            at += length - 1;
        } else if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) {
            out += replacement;
        } else if (byte == 0xc2 && at + 1 < document.size() && (document[at + 1] & 0xe0) == 0x80) {
            out += replacement;  // U+0080 to U+009F
            ++at;
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace fairway::wmi::xml
