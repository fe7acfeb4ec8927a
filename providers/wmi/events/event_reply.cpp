// See event_messages.hpp: what the answers to Subscribe and to a Pull of events say (DSP0226 10.2.9.5,
// MS-WSMV 3.1.4.1.30.2). How Windows lays out a Pull of events is nowhere shown (WMI-81), so what its pushes and other
// servers' pulls hold is read in either place.
#include <charconv>

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_messages.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::soap {
namespace {

void add(Result<Event> event, EventBatch& out) {
    if (event) return out.events.push_back(std::move(*event));
    if (out.unreadable++ == 0) out.why_unreadable = event.error().text;
}

// The CDATA option: events as text, one or several behind each other.
void add_text(std::string_view text, EventBatch& out) {
    const auto around = xml::parse("<x>" + xml::repaired(text) + "</x>");
    if (!around) return add(tl::unexpected(around.error()), out);
    if (around->children.empty()) return add(fail(Code::protocol, "an event is empty"), out);
    for (const xml::Element& event : around->children) add(read_event(event), out);
}

// An Event element, its text (the CDATA option), or a w:Event around either (a batch; MS-WSMV 3.1.4.1.30.2).
void add_item(const xml::Element& item, EventBatch& out) {
    if (item.is(space::event, "Event")) return add(read_event(item), out);
    if (item.is(space::wsman, "DroppedEvents")) {
        const std::string_view count = text::trim(item.text);
        std::uint64_t lost = 0;
        (void)std::from_chars(count.data(), count.data() + count.size(), lost);
        out.dropped += lost == 0 ? 1 : lost;
        return;
    }
    const xml::Element* inner = item.child(space::event, "Event");
    if (inner != nullptr) return add(read_event(*inner), out);
    add_text(item.text, out);
}

// Where a server may put a bookmark: the header (Windows' pushes, OMI's pulls), the answer or its items.
const xml::Element* bookmark_in(std::initializer_list<const xml::Element*> places) {
    for (const xml::Element* place : places)
        if (const xml::Element* found = place ? place->child(space::wsman, "Bookmark") : nullptr) return found;
    return nullptr;
}

}  // namespace

Result<Subscribed> read_subscribed(const xml::Element& body) {
    const xml::Element* answer = body.child(space::eventing, "SubscribeResponse");
    if (answer == nullptr) return fail(Code::protocol, "the answer to a subscription is no SubscribeResponse");
    Subscribed out;
    if (const xml::Element* context = answer->child(space::enumeration, "EnumerationContext"))
        out.context = text::trim(context->text);
    const xml::Element* manager = answer->child(space::eventing, "SubscriptionManager");
    if (manager != nullptr) {
        // Windows writes ReferenceProperties, an older word of WS-Addressing; newer servers Parameters.
        const xml::Element* parts = manager->child(space::addressing, "ReferenceProperties");
        if (parts == nullptr) parts = manager->child(space::addressing, "ReferenceParameters");
        if (const xml::Element* id = parts ? parts->child(space::eventing, "Identifier") : nullptr)
            out.manager.identifier = text::trim(id->text);
        if (auto reference = cim::read_reference(*manager)) out.manager.reference = std::move(*reference);
    }
    if (out.context.empty())
        return fail(Code::protocol,
                    "the host subscribed us but gave no context to fetch events with; it may not know "
                    "delivery by pull");
    return out;
}

Result<EventBatch> read_events(const Reply& reply) {
    const xml::Element* answer = reply.body.child(space::enumeration, "PullResponse");
    if (answer == nullptr) return fail(Code::protocol, "the answer to a Pull of events is no PullResponse");
    EventBatch out;
    const xml::Element* items = answer->child("Items");
    if (items != nullptr) {
        // Windows' batches stand in a w:Events of their own; bare text is an event that was sent as CDATA.
        const xml::Element* wrapped = items->child(space::wsman, "Events");
        for (const xml::Element& item : (wrapped ? wrapped : items)->children)
            if (!item.is(space::wsman, "Bookmark")) add_item(item, out);
        if (items->children.empty() && !text::trim(items->text).empty()) add_text(items->text, out);
    }
    if (const xml::Element* found = bookmark_in({&reply.header, answer, items})) {
        auto bookmark = read_bookmark(*found);
        if (!bookmark) return tl::unexpected(bookmark.error());
        // OMI gives this when its provider gave none; going on from there would mean to begin again.
        if (bookmark->own != space::earliest) out.bookmark = std::move(*bookmark);
    }
    if (const xml::Element* context = answer->child(space::enumeration, "EnumerationContext"))
        out.context = text::trim(context->text);
    out.last = answer->child("EndOfSequence") != nullptr;
    return out;
}

}  // namespace fairway::wmi::soap
