// See event_subscription.hpp. DSP0226 10.2-10.4, MS-WSMV 3.1.4.1.30. Fact: WMI-80.
#include "providers/wmi/events/event_subscription.hpp"

#include <fmt/format.h>
#include <map>

#include "engine/base/text.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi {
namespace {

constexpr int event_patience = 20;  // answers without an event, and without an end
constexpr int most_lost = 3;        // answers in a row that did not come
constexpr std::uint32_t timed_out = 0x80338029;

bool is_timed_out(const Fault& fault) {
    return fault.subcode == "TimedOut" || (!fault.causes.empty() && fault.causes.back().code == timed_out);
}

bool is_forgotten(const Fault& fault) { return fault.subcode == "InvalidEnumerationContext"; }

}  // namespace

Subscription::Subscription(std::string to, EventQuery query, Bookmark from)
    : to_(std::move(to)), query_(std::move(query)), from_(std::move(from)) {
    page_.bookmark = from_;
}

Result<std::string> Subscription::write() {
    id_ = soap::fresh_id();
    const soap::Heading heading{to_, id_};
    switch (state_) {
        case State::subscribing: return soap::subscribe(heading, query_, page_.bookmark);
        case State::pulling: return soap::pull_events(heading, subscribed_.context, query_);
        default: return soap::unsubscribe(heading, subscribed_.manager);
    }
}

std::optional<Request> Subscription::next() {
    if (state_ == State::done) return std::nullopt;
    auto text = write();
    if (!text) {
        if (!page_.broken) page_.broken = text.error();
        state_ = State::done;
        return std::nullopt;
    }
    // A repeated Pull would lose what the first one brought. A repeated Subscribe may leave one behind, which expires.
    return Request{std::move(*text), state_ == State::subscribing ? Repeat::safe : Repeat::never};
}

void Subscription::take(const Result<std::string>& answer) {
    switch (state_) {
        case State::subscribing: return take_subscribed(answer);
        case State::pulling: return take_events(answer);
        default: state_ = State::done;  // however Unsubscribe ended: what was to be read has been
    }
}

void Subscription::take_subscribed(const Result<std::string>& answer) {
    if (!answer) return again(answer.error());
    const auto reply = soap::read_reply(*answer, id_);
    if (!reply) return stop(reply.error());
    if (reply->fault) return stop(explain(*reply->fault, space::event_log));
    auto subscribed = soap::read_subscribed(reply->body);
    if (!subscribed) return stop(subscribed.error());
    subscribed_ = std::move(*subscribed);
    state_ = State::pulling;
}

void Subscription::take_events(const Result<std::string>& answer) {
    if (!answer) return again(answer.error());
    const auto reply = soap::read_reply(xml::repaired(*answer), id_);
    if (!reply) return stop(reply.error());
    if (reply->fault) {
        if (is_timed_out(*reply->fault)) return end();
        if (is_forgotten(*reply->fault)) return again(explain(*reply->fault, space::event_log));
        return stop(explain(*reply->fault, space::event_log));
    }
    auto batch = soap::read_events(*reply);
    if (!batch) return stop(batch.error());
    lost_ = 0;
    take_batch(std::move(*batch));
}

void Subscription::take_batch(soap::EventBatch batch) {
    std::size_t fresh = 0;
    for (Event& event : batch.events) {
        if (event.record != 0 && !seen_.emplace(event.channel, event.record).second) continue;
        advance(page_.bookmark, event);
        page_.events.push_back(std::move(event));
        ++fresh;
    }
    // The host's own word is better: it knows channels that brought nothing, and entries that we could not read.
    advance(page_.bookmark, batch.bookmark);
    if (page_.unreadable == 0) page_.why_unreadable = std::move(batch.why_unreadable);
    page_.unreadable += batch.unreadable;
    page_.dropped += batch.dropped;
    fruitless_ = fresh == 0 ? fruitless_ + 1 : 0;
    if (!batch.context.empty()) subscribed_.context = std::move(batch.context);
    if (batch.last) return end();
    if (page_.events.size() >= query_.most) {
        page_.more = true;
        return end();
    }
    if (fruitless_ >= event_patience)
        stop({Code::protocol,
              fmt::format("the event log brought nothing in {} answers and does not end", event_patience)});
}

// Nobody answered, or the host forgot the subscription: the events of that Pull are gone, but the log has them.
void Subscription::again(Error error) {
    // The first Subscribe: then the host is simply not there, and the channel has said why.
    const bool hopeless = error.code != Code::unreachable || subscribed_.context.empty();
    if (hopeless || ++lost_ >= most_lost) {
        page_.broken = std::move(error);
        state_ = State::done;
        return;
    }
    state_ = State::subscribing;
}

void Subscription::stop(Error error) {
    page_.broken = std::move(error);
    end();
}

// An open subscription counts against the account's quota, so it is given back.
void Subscription::end() {
    const soap::Manager& manager = subscribed_.manager;
    const bool named = !manager.identifier.empty() || !manager.reference.selectors.empty();
    state_ = named ? State::ending : State::done;
}

Result<EventPage> Subscription::result() && {
    if (page_.broken && page_.events.empty()) return tl::unexpected(std::move(*page_.broken));
    if (query_.all()) page_.gaps = gaps_in(from_, page_.events);
    return std::move(page_);
}

std::vector<EventGap> gaps_in(const Bookmark& from, const std::vector<Event>& events) {
    std::map<std::string, std::uint64_t> last;
    for (const Bookmark::Place& place : from.places) last[text::fold(place.channel)] = place.record;
    std::vector<EventGap> out;
    for (const Event& event : events) {
        if (event.record == 0) continue;
        const auto [it, first] = last.emplace(text::fold(event.channel), event.record);
        if (!first && event.record != it->second + 1) out.push_back({event.channel, it->second, event.record});
        it->second = event.record;
    }
    return out;
}

}  // namespace fairway::wmi
