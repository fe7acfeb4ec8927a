// See state.hpp.
#include "engine/watch/state.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/base/text.hpp"

namespace fairway::watch {
namespace {

constexpr std::int64_t unused_s = 30 * 86400;
constexpr char between = '\0';

// Who it is apart from its object.
std::string matter(const Subject& subject) {
    return fmt::format("{1}{0}{2}{0}{3}{0}{4}", between, name(subject.sort), subject.kind, subject.setting,
                       subject.rule);
}

std::string by_name(const Subject& subject) { return matter(subject) + between + text::fold(subject.object); }
std::string by_sid(const Subject& subject) { return matter(subject) + between + subject.sid; }

// The open episodes by SID and by name. A SID decides; a name only where one of the two has no SID.
class Index {
public:
    explicit Index(const std::vector<Episode>& episodes) {
        for (std::size_t i = 0; i < episodes.size(); ++i)
            if (!episodes[i].ended) add(episodes[i].subject, i);
    }

    void add(const Subject& subject, std::size_t at) {
        names_.emplace(by_name(subject), at);
        if (!subject.sid.empty()) sids_.emplace(by_sid(subject), at);
    }

    std::optional<std::size_t> find(const std::vector<Episode>& episodes, const Subject& subject) const {
        if (!subject.sid.empty())
            if (const auto it = sids_.find(by_sid(subject)); it != sids_.end()) return it->second;
        const auto [from, until] = names_.equal_range(by_name(subject));
        for (auto it = from; it != until; ++it)
            if (subject.sid.empty() || episodes[it->second].subject.sid.empty()) return it->second;
        return std::nullopt;
    }

private:
    std::multimap<std::string, std::size_t> names_;
    std::map<std::string, std::size_t> sids_;
};

void end(Episode& episode, Fate fate, std::int64_t now, Turn& turn) {
    episode.ended = now;
    episode.fate = fate;
    turn.ended.push_back(episode);
}

void begin(State& state, const Noticed& noticed, std::int64_t now, Turn& turn) {
    Episode one;
    one.number = state.next_episode++;
    one.subject = noticed.subject;
    one.detail = noticed.detail;
    one.since = one.seen = now;
    ++state.begun;
    turn.began.push_back(one);
    state.episodes.push_back(std::move(one));
}

void go_on(Episode& episode, const Noticed& noticed, std::int64_t now) {
    const std::string sid = noticed.subject.sid.empty() ? episode.subject.sid : noticed.subject.sid;
    episode.subject = noticed.subject;
    episode.subject.sid = sid;
    episode.detail = noticed.detail;
    episode.seen = now;
}

bool told_to_all(const State& state, const Episode& episode) {
    return std::all_of(state.ways.begin(), state.ways.end(), [&](const auto& way) {
        const auto it = episode.told.find(way.first);
        return it != episode.told.end() && it->second.end;
    });
}

void forget(State& state, const WatchLimits& limits) {
    std::erase_if(state.episodes, [&](const Episode& one) { return one.ended && told_to_all(state, one); });
    const auto has_ended = [](const Episode& one) { return one.ended != 0; };
    auto ended = static_cast<std::size_t>(std::count_if(state.episodes.begin(), state.episodes.end(), has_ended));
    std::erase_if(state.episodes, [&](const Episode& one) {
        if (!one.ended || ended <= limits.untold) return false;
        --ended;
        ++state.left_out;
        return true;
    });
}

std::vector<Noticed> noticed_in(const Seen& seen) {
    if (seen.whole) return seen.findings;
    return {{{Sort::audit, {}, {}, {}, {}, {}}, {Severity::high, seen.because, {}, {}, {}}}};
}

// Whether the audit says anything of it: one without a result speaks of itself alone.
bool is_spoken_of(const Seen& seen, const Episode& episode) {
    return seen.whole || episode.subject.sort == Sort::audit;
}

Fate fate_of(const Seen& seen, const Episode& episode) {
    if (episode.subject.sort == Sort::audit) return Fate::complies;
    const auto it = seen.fates.find(episode.number);
    return it == seen.fates.end() ? Fate::not_asked : it->second;
}

}  // namespace

void use(State& state, const std::vector<std::string>& ways, std::int64_t now) {
    for (const std::string& way : ways) {
        const bool fresh = state.ways.try_emplace(way).second;
        state.ways[way].used = now;
        for (Episode& episode : state.episodes)
            if (fresh && episode.ended) episode.told[way].end = true;  // it is not told what is over
    }
    std::erase_if(state.ways, [&](const auto& one) { return now - one.second.used > unused_s; });
    for (Episode& episode : state.episodes)
        std::erase_if(episode.told, [&](const auto& one) { return !state.ways.contains(one.first); });
}

Turn see(State& state, const Seen& seen, std::int64_t now, const WatchLimits& limits) {
    Turn turn;
    state.audited = now;
    if (seen.whole) state.succeeded = now;
    Index index(state.episodes);
    std::size_t open = 0;
    for (const Episode& one : state.episodes) open += one.ended ? 0 : 1;
    std::set<std::int64_t> found;
    for (const Noticed& noticed : noticed_in(seen)) {
        const auto at = index.find(state.episodes, noticed.subject);
        if (at) {
            if (found.insert(state.episodes[*at].number).second) go_on(state.episodes[*at], noticed, now);
        } else if (open < limits.open) {
            ++open;
            index.add(noticed.subject, state.episodes.size());
            begin(state, noticed, now, turn);
            found.insert(state.episodes.back().number);
        } else {
            ++turn.no_room;
        }
    }
    for (Episode& one : state.episodes) {
        if (one.ended || found.contains(one.number) || !is_spoken_of(seen, one)) continue;
        if (const Fate fate = fate_of(seen, one); fate != Fate::unread) end(one, fate, now, turn);
    }
    forget(state, limits);
    return turn;
}

News news_for(const State& state, const std::string& way, std::int64_t now, const WatchLimits& limits) {
    News out;
    std::size_t n = 0;
    for (const Episode& one : state.episodes) {
        if (n == limits.in_message) break;
        const auto it = one.told.find(way);
        const Told told = it == one.told.end() ? Told{} : it->second;
        const bool alarm = told.alarm == 0 && !told.end, recovery = one.ended && !told.end;
        // A clock that was set back must not keep a reminder for ever.
        const bool late = now - told.last >= limits.remind || told.last > now;
        const bool reminder = !alarm && !one.ended && limits.remind > 0 && late;
        if (alarm) out.alarms.push_back(&one);
        if (recovery) out.recoveries.push_back(&one);
        if (reminder) out.reminders.push_back(&one);
        n += alarm || recovery || reminder ? 1 : 0;
    }
    return out;
}

void put_message(State& state, const std::string& way, const News& news, Message message, std::int64_t now) {
    std::set<std::int64_t> alarms, last, ends;
    for (const Episode* one : news.alarms) alarms.insert(one->number);
    for (const Episode* one : news.reminders) last.insert(one->number);
    for (const Episode* one : news.recoveries) ends.insert(one->number);
    for (Episode& one : state.episodes) {
        if (alarms.contains(one.number)) one.told[way].alarm = one.told[way].last = now;
        if (last.contains(one.number)) one.told[way].last = now;
        if (ends.contains(one.number)) one.told[way].end = true;
    }
    state.ways[way].message = std::move(message);
    forget(state, {});
}

std::string next_message_id(State& state) { return fmt::format("{}-{}", state.id, state.next_message++); }

bool is_due(const WayState& way, std::int64_t now, const WatchLimits& limits) {
    return way.message && (way.message->next <= now || way.message->next - now > limits.longest_wait);
}

void acknowledged(State& state, const std::string& way) {
    WayState& of = state.ways[way];
    of.message.reset();
    of.trouble.clear();
    ++of.delivered;
}

void not_taken(State& state, const std::string& way, const std::string& why, std::int64_t now,
               const WatchLimits& limits) {
    WayState& of = state.ways[way];
    ++of.failed;
    of.trouble = why;
    if (!of.message) return;
    constexpr std::int64_t doublings = 20;
    const std::int64_t wait = limits.first_wait << std::min(of.message->tries, doublings);
    ++of.message->tries;
    of.message->next = now + std::min(wait, limits.longest_wait);
}

}  // namespace fairway::watch
