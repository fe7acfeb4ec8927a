// The judges of the event log; see assumptions.hpp.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/contact/assumptions.hpp"
#include "providers/wmi/events/event_messages.hpp"
#include "providers/wmi/wsman/spaces.hpp"

namespace fairway::wmi::judge {
namespace {

// Why a subscription did not come about; nothing: it did.
std::optional<Judgement> not_subscribed(const Evidence& seen, Question question) {
    const auto reply = seen.reply(question);
    if (!reply) return untried(reply.error());
    if (!reply->fault) return std::nullopt;
    const Fault& fault = *reply->fault;
    if (fault.subcode == "AccessDenied") return untried("access denied: is the account in Event Log Readers?");
    return refuted(fmt::format("the subscription is refused with {}", fault.subcode));
}

// The answer to the first Pull; an Error where it is none, a fault for instance.
Result<soap::EventBatch> pulled(const Evidence& seen, Question question) {
    const auto reply = seen.success(question, 1);
    if (!reply) return tl::unexpected(reply.error());
    return soap::read_events(*reply);
}

}  // namespace

Judgement query_list(const Evidence& seen) {
    if (auto not_there = not_subscribed(seen, Special::events)) return *not_there;
    const auto reply = seen.success(Special::events);
    const auto subscribed = reply ? soap::read_subscribed(reply->body) : tl::unexpected(reply.error());
    return subscribed ? holds("a QueryList as elements is taken, delivery by pull as well")
                      : refuted("the answer names no context to fetch events with");
}

Judgement pulled_events(const Evidence& seen) {
    if (not_subscribed(seen, Special::events)) return untried("there is no subscription");
    const auto batch = pulled(seen, Special::events);
    if (!batch && batch.error().code == Code::protocol) return refuted(batch.error().text);
    if (!batch) return untried("no event came in two seconds");
    if (batch->unreadable > 0) return refuted("an event came in a form that this program cannot read");
    if (batch->events.empty()) return untried("no event came in two seconds");
    if (batch->bookmark.own.empty() && batch->bookmark.places.empty())
        return refuted("no bookmark came with the event");
    return holds("an event and its bookmark were read");
}

Judgement many_selects(const Evidence& seen) {
    if (not_subscribed(seen, Special::events)) return untried("there is no subscription");
    if (auto not_there = not_subscribed(seen, Special::many_events)) return *not_there;
    const auto batch = pulled(seen, Special::many_events);
    if (!batch || batch->events.empty())
        return untried("31 ids in two Selects are taken, and no event of the second Select came in two seconds");
    const auto id = batch->events.front().id;
    return id == 6005 ? holds("31 ids in two Selects are taken, and an event of the second came")
                      : refuted(fmt::format("an event with id {} came, for which nobody asked", id));
}

Judgement unknown_channel(const Evidence& seen) {
    if (not_subscribed(seen, Special::events)) return untried("there is no subscription");
    const auto reply = seen.reply(Special::no_channel);
    if (!reply) return untried(reply.error());
    if (!reply->fault) return refuted("a channel that is not there is subscribed to");
    const auto code = reply->fault->causes.empty() ? 0 : reply->fault->causes.back().code;
    return code == 15007 || code == 0x80073A9F ? holds(fmt::format("0x{:08X}", code))
                                               : refuted(fmt::format("0x{:08X}", code));
}

}  // namespace fairway::wmi::judge
