// See event_file.hpp: which form a file has, and the XML.
#include "providers/wmi/events/event_file.hpp"

#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/events/event.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";
constexpr std::string_view event_namespace = "http://schemas.microsoft.com/win/2004/08/events/event";

void append(std::string& out, std::uint32_t point) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xc0 | point >> 6);
    } else if (point < 0x10000) {
        put(0xe0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3f));
    } else {
        put(0xf0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3f));
        put(0x80 | (point >> 6 & 0x3f));
    }
    put(0x80 | (point & 0x3f));
}

std::string from_utf16(std::string_view bytes, bool big_endian) {
    std::string out;
    out.reserve(bytes.size() / 2);
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const std::uint32_t first = static_cast<unsigned char>(bytes[at]),
                            second = static_cast<unsigned char>(bytes[at + 1]);
        return big_endian ? first << 8 | second : second << 8 | first;
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        const std::uint32_t high = unit(at);
        if (high < 0xd800 || high > 0xdfff) {
            append(out, high);
            continue;
        }
        const std::uint32_t low = high < 0xdc00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
        if (low < 0xdc00 || low > 0xdfff) {
            out += replacement;
            continue;
        }
        append(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        at += 2;
    }
    return out;
}

std::string cleaned(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const text::Decoded one = text::decode(bytes);
        if (one.bytes) out += bytes.substr(0, one.bytes);
        else if (!out.ends_with(replacement))
            out += replacement;  // one for many, lest a file of such bytes become three
        bytes.remove_prefix(one.bytes ? one.bytes : 1);
    }
    return out;
}

// Where the next `<Event` begins that is no `<Events` or `<EventData`.
std::size_t next_event(std::string_view text, std::size_t from) {
    constexpr std::string_view open = "<Event";
    for (auto at = text.find(open, from); at != std::string_view::npos; at = text.find(open, at + 1)) {
        const auto behind = at + open.size();
        if (behind >= text.size() || std::string_view(" \t\r\n>/").find(text[behind]) != std::string_view::npos)
            return at;
    }
    return std::string_view::npos;
}

// Where the last one begins.
std::size_t last_event(std::string_view text) {
    auto last = std::string_view::npos;
    for (auto at = next_event(text, 0); at != std::string_view::npos; at = next_event(text, at + 1)) last = at;
    return last;
}

// One whose namespace stands at the root around it.
std::string with_namespace(std::string_view event) {
    std::string out(event);
    const auto end = event.find('>');
    if (event.substr(0, end).find("xmlns") == std::string_view::npos)
        out.insert(6, fmt::format(" xmlns='{}'", event_namespace));
    return out;
}

}  // namespace

std::string as_utf8(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe")) return from_utf16(bytes.substr(2), false);
    if (bytes.starts_with("\xfe\xff")) return from_utf16(bytes.substr(2), true);
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    const bool wide = bytes.size() > 1 && (bytes[0] == '\0') != (bytes[1] == '\0');
    return wide ? from_utf16(bytes, bytes[0] == '\0') : cleaned(bytes);
}

// Each event is parsed by itself: wevtutil writes them without a root, and one that is broken must not hide the others.
EventFile read_event_xml(std::string_view text) {
    constexpr std::string_view close = "</Event>";
    EventFile out;
    for (auto at = next_event(text, 0); at != std::string_view::npos && out.events.size() < most_events;) {
        const auto end = text.find(close, at);
        if (end == std::string_view::npos) {
            out.cut = true;
            break;
        }
        const std::string_view one = text.substr(at, end + close.size() - at);
        auto event = read_event_text(with_namespace(one));
        if (!event) {
            if (out.unreadable++ == 0) out.why = event.error().text;
            // One that was cut, and behind it a whole one.
            if (const auto inner = last_event(one); inner > 0)
                event = read_event_text(with_namespace(one.substr(inner)));
        }
        if (event) out.events.push_back(std::move(*event));
        at = next_event(text, end + close.size());
    }
    return out;
}

namespace {

bool tells(const EventFile& file) { return !file.events.empty() || file.unreadable > 0 || file.cut; }

// XML last: a text that was pasted may begin with anything, and a message of the other forms may quote an event.
EventFile read_form(std::string_view text) {
    if (text.starts_with('[') || text.starts_with('{')) {
        EventFile json = read_event_json(text);
        if (!json.events.empty() || next_event(text, 0) == std::string_view::npos) return json;
    }
    EventFile csv = read_event_csv(text);
    return tells(csv) ? csv : read_event_xml(text);
}

}  // namespace

Result<EventFile> read_event_file(std::string_view bytes) {
    if (bytes.size() > largest_event_file)
        return fail(Code::bad_input, fmt::format("it is larger than the limit of {} MB", largest_event_file >> 20));
    EventFile out = is_evtx(bytes) ? read_event_evtx(bytes) : read_form(text::trim(as_utf8(bytes)));
    if (out.events.size() >= most_events)
        return fail(Code::bad_input,
                    fmt::format("it has more than {} events; export the hours around the failure", most_events));
    if (out.events.empty() && out.unreadable > 0)
        return fail(Code::bad_input, fmt::format("no event of it can be read: {}", out.why));
    if (out.events.empty() && !out.cut)
        return fail(Code::bad_input,
                    "it holds no events of a form that is known: XML of Event Viewer or `wevtutil qe … /f:xml`, or "
                    "`Get-WinEvent … | ConvertTo-Json -Depth 4`, or Export-Csv, or EVTX");
    return out;
}

}  // namespace fairway::wmi
