// What do a host's event logs say? One call that reads them over a channel, oldest first, by a subscription that the
// client fetches (event_subscription.hpp): the host opens no connection of its own.
//
// What this cannot see, and so what its silence does not prove:
// * channels that the account, or for some of them NETWORK SERVICE, may not read (Event Log Readers). The fault
//   says so, unless `skip_missing` was asked for: then such a channel, or one that the host does not have, is
//   passed over without a word. Ask for channels that matter without it.
// * analytic and debug channels: they cannot be subscribed to.
// * what was overwritten or cleared before it was read. Between two readings with a bookmark that shows as a gap
//   in the record numbers, if the query names nothing but channels; a first reading cannot know what came before.
// * a channel of which no event was ever read has no place in the bookmark, and where a host goes on there (at the
//   channel's start or at its end) is not known. Read one channel at a time where that matters.
// * what a host needs longer than `wait` to find: the first Pull that brings nothing in that time is the end.
// * words: message, and some data, are in the host's language. Match on provider, id and the codes in the data.
// * the clock: times are the host's. Records, not times, give the order within a channel; between channels nothing
//   does exactly.
#pragma once

#include "providers/wmi/events/event_subscription.hpp"
#include "providers/wmi/wsman/channel.hpp"

namespace fairway::wmi {

// From behind the bookmark on; from the oldest event on if it is empty. Error: nothing could be read. When
// something was, and the reading broke off, the page says so (`broken`) and its bookmark leads on from there.
Result<EventPage> read_events(Channel& channel, const EventQuery& query, const Bookmark& from = {});

}  // namespace fairway::wmi
