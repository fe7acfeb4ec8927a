// See keeper.hpp.
#include "engine/watch/keeper.hpp"

#include <algorithm>

#include "engine/watch/state_file.hpp"

namespace fairway::watch {
namespace {

std::vector<std::string> keys(const std::vector<Way>& ways) {
    std::vector<std::string> out;
    for (const Way& way : ways) out.push_back(way.key);
    return out;
}

}  // namespace

Keeper::Keeper(State state, std::vector<Way> ways, WatchLimits limits, Heading heading, Save save, std::int64_t now)
    : state_(std::move(state)),
      ways_(std::move(ways)),
      limits_(limits),
      heading_(std::move(heading)),
      save_(std::move(save)) {
    use(state_, keys(ways_), now);
    saved_ = save_(print_state(state_));
}

void Keeper::compose(std::int64_t now) {
    for (const Way& way : ways_) {
        if (state_.ways[way.key].message) continue;
        const News news = news_for(state_, way.key, now, limits_);
        if (news.empty()) continue;
        Message message;
        message.id = next_message_id(state_);
        message.body = body_of(way, news, {state_, heading_, message.id, now});
        message.made = message.next = now;
        put_message(state_, way.key, news, std::move(message), now);
    }
}

void Keeper::save_again() {
    if (!saved_) saved_ = save_(print_state(state_));
}

Turn Keeper::saw(const Seen& seen, std::int64_t now) {
    use(state_, keys(ways_), now);
    Turn turn = see(state_, seen, now, limits_);
    compose(now);
    saved_ = save_(print_state(state_));
    return turn;
}

std::vector<const Way*> Keeper::take_due(std::int64_t now) {
    std::vector<const Way*> out;
    if (!saved_) return out;
    for (const Way& way : ways_)
        if (!in_flight_.contains(way.key) && is_due(state_.ways[way.key], now, limits_)) {
            in_flight_.insert(way.key);
            out.push_back(&way);
        }
    return out;
}

void Keeper::answered(const Way& way, const Result<void>& answer, std::int64_t now) {
    in_flight_.erase(way.key);
    if (answer) acknowledged(state_, way.key);
    else not_taken(state_, way.key, answer.error().text, now, limits_);
    compose(now);
    saved_ = save_(print_state(state_));
}

bool Keeper::all_told() const {
    return std::none_of(ways_.begin(), ways_.end(), [&](const Way& way) { return state_.ways.at(way.key).message; });
}

std::int64_t Keeper::next(std::int64_t now) const {
    std::int64_t out = now + limits_.longest_wait;
    if (!saved_) out = now + limits_.first_wait;
    for (const Way& way : ways_)
        if (const auto& message = state_.ways.at(way.key).message; message && !in_flight_.contains(way.key))
            out = std::min(out, std::max(message->next, now));
    return out;
}

}  // namespace fairway::watch
