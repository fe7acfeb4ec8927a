// What does one entry of a Windows event log say, and where in which log does it stand? Event XML (namespace
// win/2004/08/events/event) to a value, by namespace and local name. Pure; it knows no SOAP.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/model/event.hpp"
#include "providers/wmi/wsman/xml.hpp"

namespace fairway::wmi {

using Event = LogEvent;

// Error: no Event, or one without provider, id, time or channel.
Result<Event> read_event(const xml::Element& event);
// The same of a text, which is how Windows' CDATA option brings it. Characters that XML cannot hold become U+FFFD.
Result<Event> read_event_text(std::string_view text);

// Up to where events were read: DSP0226 10.2.6, in Windows' form one place for each channel. A server of
// another kind may have a text of its own instead, which is kept and given back as it came.
struct Bookmark {
    struct Place {
        std::string channel;
        std::uint64_t record = 0;
        bool current = false;  // the one that was read last of all

        bool operator==(const Place&) const = default;
    };
    std::vector<Place> places = {};
    std::string own = {};

    bool empty() const { return places.empty() && own.empty(); }
    bool operator==(const Bookmark&) const = default;
};

// The content of a w:Bookmark. Empty, not an Error, for an empty one.
Result<Bookmark> read_bookmark(const xml::Element& element);
void write_bookmark(xml::Writer& out, const Bookmark& bookmark);
// To keep it: text that read_bookmark_text takes again.
Result<std::string> bookmark_text(const Bookmark& bookmark);
Result<Bookmark> read_bookmark_text(std::string_view text);

// What the bookmark is once this event was read too.
void advance(Bookmark& bookmark, const Event& event);
// What it is when the host says `newer`. The host may name only the channels that brought something since it was
// subscribed to; the places of the others stay, or their events would come again or never.
void advance(Bookmark& bookmark, const Bookmark& newer);

}  // namespace fairway::wmi
