// See record_xml.hpp.
#include "providers/wmi/transport/record_xml.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "engine/base/stand_in_subnet.hpp"
#include "engine/base/text.hpp"

namespace fairway::wmi {
namespace {

// What the text of an element is.
enum class Holds {
    word,      // of a protocol or of Microsoft's: stays, but for names that are known
    code,      // of a fault, s:Sender: anything else is a text
    id,        // Microsoft:GUID\HOST: parts, each the same everywhere, a GUID or a name
    question,  // WQL: what stands in quotes is an id
    name,
    user,
    path,
    subnet,
    text,    // for people, in any language: codes in it stay
    unknown  // what by its form is no name stays
};

struct ElementRow {
    std::string_view element;  // a pattern, without case
    Holds holds;
};

// The first row that fits. What fits none is `unknown`, and then a text is replaced.
constexpr std::array element_rows = {
    ElementRow{"*ClassName", Holds::word},
    ElementRow{"Action", Holds::word},
    ElementRow{"ResourceURI", Holds::word},
    ElementRow{"To", Holds::word},
    ElementRow{"Address", Holds::word},
    ElementRow{"FaultDetail", Holds::word},
    ElementRow{"Value", Holds::code},
    ElementRow{"ProductVendor", Holds::word},
    ElementRow{"ProductVersion", Holds::word},
    ElementRow{"ProtocolVersion", Holds::word},
    ElementRow{"Status", Holds::id},
    ElementRow{"State", Holds::id},  // of a service
    ElementRow{"StartMode", Holds::id},
    ElementRow{"SubnetNumber", Holds::subnet},
    ElementRow{"ServiceName", Holds::id},  // the driver of an adapter
    ElementRow{"ResourceSubType", Holds::word},
    ElementRow{"Filter", Holds::question},
    ElementRow{"Tag", Holds::id},
    ElementRow{"Tags", Holds::id},
    ElementRow{"*InstanceID", Holds::id},
    ElementRow{"MessageID", Holds::id},
    ElementRow{"RelatesTo", Holds::id},
    ElementRow{"Identifier", Holds::id},
    ElementRow{"EnumerationContext", Holds::id},
    ElementRow{"*Path*", Holds::path},
    ElementRow{"*DataRoot*", Holds::path},
    ElementRow{"*File*", Holds::path},
    ElementRow{"HostResource", Holds::path},
    ElementRow{"Connection", Holds::path},
    ElementRow{"Parent", Holds::path},
    ElementRow{"*User*", Holds::user},
    ElementRow{"*Owner*", Holds::user},
    ElementRow{"*Name", Holds::name},
    ElementRow{"*Host", Holds::name},
    ElementRow{"PartOfDomain", Holds::unknown},  // a switch
    ElementRow{"*Domain", Holds::name},
    ElementRow{"Machine", Holds::name},
    ElementRow{"Notes", Holds::text},
    ElementRow{"Caption", Holds::text},
    ElementRow{"*Description*", Holds::text},
    ElementRow{"Text", Holds::text},
    ElementRow{"Message", Holds::text},
};

// Of ids and names: what is the same on every host.
constexpr std::array<std::string_view, 18> same_everywhere = {
    "Running",        "Stopped", "Auto", "Manual",       "Disabled",    "Microsoft",
    "Definition",     "Default", "uuid", "migrationwmi", "UserManaged", "UserManagedAllNetworks",
    "ClusterManaged", "Hyper-V", "OK",   "NETFT",        "VMSMP",       "VMSNPXYMP"};
// Attributes whose value stays; namespaces (xmlns…) do as well.
constexpr std::array<std::string_view, 10> kept_attributes = {
    "xsi:type", "xsi:nil", "xml:lang", "Code", "Dialect", "Name", "NAME", "TYPE", "CLASSNAME", "s:mustUnderstand"};
// Elements that say nothing of what they hold; the one around them does.
constexpr std::array<std::string_view, 4> wrappers = {"VALUE", "VALUE.ARRAY", "Datetime", "Interval"};
constexpr int most_depth = 4;  // of messages inside messages

template <class List>
bool is_in(const List& list, std::string_view what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

Holds holds(std::string_view element) {
    for (const ElementRow& row : element_rows)
        if (text::matches(row.element, element)) return row.holds;
    return Holds::unknown;
}

struct Entity {
    std::string_view escaped;
    char plain;
};
constexpr std::array entities = {Entity{"&lt;", '<'}, Entity{"&gt;", '>'}, Entity{"&quot;", '"'},
                                 Entity{"&apos;", '\''}, Entity{"&amp;", '&'}};

std::string plain(std::string_view escaped) {
    std::string out;
    while (!escaped.empty()) {
        const auto it = std::find_if(entities.begin(), entities.end(),
                                     [&](const Entity& one) { return escaped.starts_with(one.escaped); });
        out += it == entities.end() ? escaped.front() : it->plain;
        escaped.remove_prefix(it == entities.end() ? 1 : it->escaped.size());
    }
    return out;
}

std::string escaped(std::string_view plain) {
    std::string out;
    for (const char c : plain) {
        const auto it =
            std::find_if(entities.begin(), entities.end(), [&](const Entity& one) { return one.plain == c; });
        if (it == entities.end() || c == '\'') out += c;
        else out += it->escaped;
    }
    return out;
}

std::string parts_replaced(std::string_view id, StandIns& names) {
    std::string out;
    while (!id.empty()) {
        const auto end = std::min(id.find_first_of(":\\/"), id.size());
        const std::string_view part = id.substr(0, end);
        if (part.size() <= 1 || is_in(same_everywhere, part)) out += part;
        else out += names.by_form_or(part, StandIns::Kind::name);
        if (end < id.size()) out += id[end];
        id.remove_prefix(std::min(end + 1, id.size()));
    }
    return out;
}

std::string question_replaced(std::string_view wql, StandIns& names) {
    std::string out;
    bool quoted = false;
    while (!wql.empty()) {
        const auto end = std::min(wql.find_first_of("'\""), wql.size());
        out += quoted ? parts_replaced(wql.substr(0, end), names) : std::string(wql.substr(0, end));
        if (end < wql.size()) out += wql[end];
        quoted = !quoted;
        wql.remove_prefix(std::min(end + 1, wql.size()));
    }
    return out;
}

// 0x8009030E and the like in a text that is replaced: they say what is wrong.
std::string codes_in(std::string_view text) {
    std::string out;
    for (auto at = text.find("0x"); at != text.npos; at = text.find("0x", at + 2)) {
        const auto end = std::min(text.find_first_not_of("0123456789abcdefABCDEF", at + 2), text.size());
        if (end - at == 10) out += fmt::format(" ({})", text.substr(at, 10));
    }
    return out;
}

bool is_code(std::string_view s) {  // s:Sender
    const auto colon = s.find(':');
    return colon != s.npos && std::all_of(s.begin(), s.end(), [](char c) { return c == ':' || text::is_letter(c); });
}

class Publisher {
public:
    Publisher(StandIns& names, int depth) : names_(names), depth_(depth) {}

    std::string run(std::string_view rest) && {
        while (!rest.empty()) {
            const bool tag = rest.front() == '<';
            const std::string_view end = rest.starts_with("<!--") ? "-->" : rest.starts_with("<![CDATA[") ? "]]>" : ">";
            const auto at = tag ? rest.find(end) : rest.find('<');
            const std::size_t size = at == rest.npos ? rest.size() : tag ? at + end.size() : at;
            const std::string_view piece = rest.substr(0, size);
            if (!tag) out_ += escaped(text_of(plain(piece)));
            else if (at == rest.npos) out_ += "(cut)";
            else take_markup(piece);
            rest.remove_prefix(size);
        }
        return std::move(out_);
    }

private:
    void take_markup(std::string_view tag) {
        constexpr std::string_view data = "<![CDATA[";
        if (tag.starts_with(data)) {
            out_ += escaped(text_of(std::string(tag.substr(data.size(), tag.size() - data.size() - 3))));
        } else if (tag.starts_with("<!")) {
            out_ += "<!-- -->";
        } else if (tag.starts_with("<?")) {
            out_ += tag;
        } else if (tag.starts_with("</")) {
            out_ += tag;
            if (!open_.empty()) open_.pop_back();
        } else {
            take_start(tag);
        }
    }

    void take_start(std::string_view tag) {
        const bool empty = tag.ends_with("/>");
        std::string_view rest = tag.substr(1, tag.size() - (empty ? 3 : 2));
        const std::string_view name = rest.substr(0, rest.find_first_of(" \t\r\n"));
        rest.remove_prefix(name.size());
        out_.append("<").append(name);
        std::string what(name.substr(name.rfind(':') + 1));
        if (is_in(wrappers, what) && !open_.empty()) what = open_.back();
        take_attributes(rest, what);
        out_ += empty ? "/>" : ">";
        if (!empty) open_.push_back(std::move(what));
    }

    // `what` becomes the property where an attribute names it (w:Selector Name, PROPERTY NAME).
    void take_attributes(std::string_view rest, std::string& what) {
        for (;;) {
            rest = text::trim(rest);
            const auto equals = rest.find('=');
            if (equals == rest.npos) return;
            const std::string_view name = text::trim(rest.substr(0, equals));
            rest = text::trim(rest.substr(equals + 1));
            const char quote = rest.empty() ? ' ' : rest.front();
            const auto end = quote == '"' || quote == '\'' ? rest.find(quote, 1) : rest.npos;
            if (end == rest.npos) return;
            const std::string value = plain(rest.substr(1, end - 1));
            if (name == "Name" || name == "NAME") what = value;
            const bool kept = name.starts_with("xmlns") || is_in(kept_attributes, name);
            out_ += fmt::format(" {}=\"{}\"", name, escaped(kept ? value : replaced(value, holds(name))));
            rest.remove_prefix(end + 1);
        }
    }

    std::string text_of(const std::string& value) {
        const std::string_view trimmed = text::trim(value);
        if (trimmed.empty()) return value;
        if (trimmed.starts_with('<') && depth_ < most_depth) return Publisher(names_, depth_ + 1).run(trimmed);
        return replaced(trimmed, open_.empty() ? Holds::text : holds(open_.back()));
    }

    std::string replaced(std::string_view value, Holds what) {
        using Kind = StandIns::Kind;
        switch (what) {
            case Holds::word: return names_.in(value);
            case Holds::id: return parts_replaced(value, names_);
            case Holds::question: return question_replaced(value, names_);
            case Holds::code: return is_code(value) ? std::string(value) : names_.of(value, Kind::text);
            case Holds::name: return is_in(same_everywhere, value) ? std::string(value) : names_.of(value, Kind::name);
            case Holds::user: return names_.of(value, Kind::user);
            case Holds::path: return names_.of(value, Kind::path);
            case Holds::subnet: return subnet_stand_in(value, names_);
            case Holds::text: return names_.of(value, Kind::text) + codes_in(value);
            case Holds::unknown: break;
        }
        if (auto kept = names_.by_form(value)) return *kept;
        return names_.of(value, Kind::text) + codes_in(value);
    }

    StandIns& names_;
    int depth_;
    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace

std::string publishable_xml(std::string_view text, StandIns& names) { return Publisher(names, 0).run(text); }

}  // namespace fairway::wmi
