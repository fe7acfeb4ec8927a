// See event.hpp. Shapes: Windows' event schema (Win32 WES "Event Schema"), and what hosts were seen to send.
#include "providers/wmi/events/event.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/cim_datetime.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi {
namespace {

constexpr std::size_t most_data = 1000;  // an event is 64 KiB at most; this is a broken or hostile one
constexpr std::size_t most_places = 64;

auto broken(std::string_view why) { return fail(Code::protocol, fmt::format("an event cannot be read: {}", why)); }

std::string trimmed(const xml::Element* element) { return element ? std::string(text::trim(element->text)) : ""; }

template <class Number>
bool read_number(std::string_view digits, Number& out) {
    const auto number = text::number<Number>(text::trim(digits));
    if (number) out = *number;
    return number.has_value();
}

// The leaves below an element of UserData, named by the way that leads to them.
void collect(const xml::Element& element, const std::string& path, std::vector<Event::Datum>& out) {
    if (out.size() >= most_data) return;
    if (element.children.empty()) {
        out.push_back({path, element.text});
        return;
    }
    for (const xml::Element& child : element.children)
        collect(child, path.empty() ? child.local : path + "/" + child.local, out);
}

// EventData: Data with names or without, Binary, or ComplexData. UserData: one element of the provider's own (that
// is how Hyper-V's providers log). ProcessingErrorData: what is left of an event whose template does not fit.
void read_data(const xml::Element& event, std::vector<Event::Datum>& out) {
    if (const xml::Element* data = event.child(space::event, "EventData")) {
        for (const xml::Element& child : data->children) {
            const std::string name(child.attribute({}, "Name"));
            collect(child, child.local == "Data" || !name.empty() ? name : child.local, out);
        }
    }
    if (const xml::Element* data = event.child(space::event, "UserData"))
        for (const xml::Element& wrapper : data->children) collect(wrapper, "", out);
    if (const xml::Element* data = event.child(space::event, "ProcessingErrorData")) collect(*data, "", out);
}

Result<void> read_system(const xml::Element& system, Event& out) {
    const auto part = [&](std::string_view local) { return system.child(space::event, local); };
    const xml::Element *provider = part("Provider"), *created = part("TimeCreated"), *level = part("Level");
    const xml::Element *id = part("EventID"), *record = part("EventRecordID");
    out.channel = trimmed(part("Channel"));
    out.computer = trimmed(part("Computer"));
    if (provider) out.provider = provider->attribute({}, "Name");
    if (out.channel.empty() || out.provider.empty()) return broken("it names no channel or no provider");
    if (!id || !read_number(id->text, out.id)) return broken("its EventID is missing or no number");
    if (level && !read_number(level->text, out.level)) return broken("its Level is no number");
    // Events that never were in a log (forwarded live, or of a debug channel) have no number.
    if (record && !read_number(record->text, out.record)) return broken("its EventRecordID is no number");
    if (created) out.time = created->attribute({}, "SystemTime");
    const auto time = cim::parse_datetime(out.time);
    if (!time || time->interval) return broken("its time is missing or no date with a zone");
    out.time_us = time->us;
    return {};
}

Result<Bookmark> places_of(const xml::Element& list) {
    if (list.local != "BookmarkList") return fail(Code::protocol, "this is no bookmark of an event log");
    Bookmark out;
    for (const xml::Element& child : list.children) {
        Bookmark::Place place{std::string(child.attribute({}, "Channel"))};
        place.current = text::same_folded(child.attribute({}, "IsCurrent"), "true");
        if (child.local != "Bookmark" || place.channel.empty() || out.places.size() >= most_places ||
            !read_number(child.attribute({}, "RecordId"), place.record))
            return fail(Code::protocol, "a bookmark does not say which record of which channel it means");
        out.places.push_back(std::move(place));
    }
    return out;
}

}  // namespace

Result<Event> read_event(const xml::Element& event) {
    if (!event.is(space::event, "Event")) return broken(fmt::format("`{}` is no Event", text::whole(event.local, 40)));
    const xml::Element* system = event.child(space::event, "System");
    if (system == nullptr) return broken("it has no System part");
    Event out;
    if (const auto read = read_system(*system, out); !read) return tl::unexpected(read.error());
    read_data(event, out.data);
    if (const xml::Element* rendering = event.child(space::event, "RenderingInfo"))
        out.message = trimmed(rendering->child(space::event, "Message"));
    return out;
}

Result<Event> read_event_text(std::string_view text) {
    const auto root = xml::parse(xml::repaired(text::trim(text)));
    if (!root) return broken(root.error().text);
    return read_event(*root);
}

Result<Bookmark> read_bookmark(const xml::Element& element) {
    if (const xml::Element* list = element.child("BookmarkList")) return places_of(*list);
    if (!element.children.empty()) return fail(Code::protocol, "a bookmark holds something else than a BookmarkList");
    const std::string_view own = text::trim(element.text);
    if (!own.starts_with("<")) return Bookmark{.own = std::string(own)};
    const auto list = xml::parse(own);  // CDATA or an escaped list: the same as elements
    if (!list) return tl::unexpected(list.error());
    return places_of(*list);
}

void write_bookmark(xml::Writer& out, const Bookmark& bookmark) {
    if (bookmark.places.empty()) {
        out.text(bookmark.own);
        return;
    }
    out.open("BookmarkList");
    for (const Bookmark::Place& place : bookmark.places) {
        const std::string record = std::to_string(place.record);
        if (place.current)
            out.leaf("Bookmark", "", {{"Channel", place.channel}, {"RecordId", record}, {"IsCurrent", "true"}});
        else out.leaf("Bookmark", "", {{"Channel", place.channel}, {"RecordId", record}});
    }
    out.close();
}

Result<std::string> bookmark_text(const Bookmark& bookmark) {
    xml::Writer out;
    out.open("Bookmarks");
    write_bookmark(out, bookmark);
    out.close();
    return std::move(out).finish();
}

Result<Bookmark> read_bookmark_text(std::string_view text) {
    if (text::trim(text).empty()) return Bookmark{};
    const auto root = xml::parse(text::trim(text));
    if (!root) return tl::unexpected(root.error());
    return root->is({}, "Bookmarks") ? read_bookmark(*root) : places_of(*root);
}

void advance(Bookmark& bookmark, const Event& event) {
    if (event.record != 0) advance(bookmark, Bookmark{.places = {{event.channel, event.record, true}}});
}

void advance(Bookmark& bookmark, const Bookmark& newer) {
    if (newer.places.empty()) {
        if (!newer.empty()) bookmark = newer;
        return;
    }
    bookmark.own.clear();
    for (Bookmark::Place& place : bookmark.places) place.current = false;
    for (const Bookmark::Place& fresh : newer.places) {
        const auto it = std::find_if(bookmark.places.begin(), bookmark.places.end(), [&](const Bookmark::Place& place) {
            return text::same_folded(place.channel, fresh.channel);
        });
        if (it == bookmark.places.end()) bookmark.places.push_back(fresh);
        else *it = {it->channel, fresh.record, fresh.current};
    }
}

}  // namespace fairway::wmi
