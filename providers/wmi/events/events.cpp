// See events.hpp.
#include "providers/wmi/events/events.hpp"

namespace fairway::wmi {

Result<EventPage> read_events(Channel& channel, const EventQuery& query, const Bookmark& from) {
    Subscription subscription(channel.endpoint(), query, from);
    while (const auto request = subscription.next())
        subscription.take(channel.exchange(request->text, request->repeat));
    return std::move(subscription).result();
}

}  // namespace fairway::wmi
