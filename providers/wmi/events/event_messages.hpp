// Which text subscribes to a host's event logs, fetches from them and ends the subscription, and what do the answers
// say? In pull mode: the client fetches, the host needs no way back to it (DSP0226 10.2, MS-WSMV 3.1.4.1.30). Pure
// text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "providers/wmi/events/event.hpp"
#include "providers/wmi/events/event_query.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi::soap {

// An empty bookmark stands before the oldest event (DSP0226 10.2.6, 10.2.9.5).
Result<std::string> subscribe(const Heading& heading, const EventQuery& query, const Bookmark& from);
Result<std::string> pull_events(const Heading& heading, std::string_view context, const EventQuery& query);
// `manager`: what the answer to Subscribe called the subscription; it goes into the header (DSP0226 10.4).
struct Manager {
    std::string identifier;    // wse:Identifier
    cim::Reference reference;  // resource and selectors, where the server uses those instead
};
Result<std::string> unsubscribe(const Heading& heading, const Manager& manager);

struct Subscribed {
    std::string context;
    Manager manager;
};
Result<Subscribed> read_subscribed(const xml::Element& body);

struct EventBatch {
    std::vector<Event> events;
    std::size_t unreadable = 0;  // left out of `events`; one broken entry must not hide the others
    std::string why_unreadable;  // of the first
    std::uint64_t dropped = 0;   // events that the host says it lost (DSP0226 10.2.7)
    Bookmark bookmark;           // up to the end of this batch; empty: the host sent none
    std::string context;
    bool last = false;
};
// The body and header of an answer to a Pull of events.
Result<EventBatch> read_events(const Reply& reply);

}  // namespace fairway::wmi::soap
