// What is the next request of a subscription to event logs, and what has come so far? A value without I/O, driven
// like an Enumeration: ask next(), send, hand the answer to take(). Subscribe, Pull until the host has nothing
// more, Unsubscribe. A Pull whose answer is lost is never repeated, since the events it brought are gone; it
// subscribes again behind the last event that did arrive.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "providers/wmi/events/event_messages.hpp"
#include "providers/wmi/wsman/enumeration.hpp"

namespace fairway::wmi {

// Records of a channel that should have stood between two that were read, and did not: the log was overwritten,
// or (before <= after) cleared.
struct EventGap {
    std::string channel;
    std::uint64_t after = 0, before = 0;

    bool operator==(const EventGap&) const = default;
};

struct EventPage {
    std::vector<Event> events;   // of each channel in the order of its records
    Bookmark bookmark;           // to read on from later; where reading began if nothing came
    bool more = false;           // it stopped because it had enough, not because there was nothing left
    std::size_t unreadable = 0;  // entries that came and could not be read, and why the first could not
    std::string why_unreadable;
    std::uint64_t dropped = 0;    // events that the host itself says it lost
    std::vector<EventGap> gaps;   // only for a query that names nothing but channels
    std::optional<Error> broken;  // the reading ended early: these are the events that came before
};

class Subscription {
public:
    Subscription(std::string to, EventQuery query, Bookmark from);

    // Empty: there is nothing more to send; see result().
    std::optional<Request> next();
    void take(const Result<std::string>& answer);
    // Once next() is empty. Error: what went wrong before the first event came.
    Result<EventPage> result() &&;

private:
    enum class State { subscribing, pulling, ending, done };

    Result<std::string> write();
    void take_subscribed(const Result<std::string>& answer);
    void take_events(const Result<std::string>& answer);
    void take_batch(soap::EventBatch batch);
    void again(Error error);
    void stop(Error error);
    void end();

    std::string to_;
    EventQuery query_;
    Bookmark from_;
    State state_ = State::subscribing;
    std::string id_;
    soap::Subscribed subscribed_;
    int fruitless_ = 0;                                     // answers in a row that brought nothing
    int lost_ = 0;                                          // answers that did not come since the last one that did
    std::set<std::pair<std::string, std::uint64_t>> seen_;  // a second subscription may bring an event again
    EventPage page_;
};

// The places where an event that should be there is not. Pure; for a query that names only channels.
std::vector<EventGap> gaps_in(const Bookmark& from, const std::vector<Event>& events);

}  // namespace fairway::wmi
