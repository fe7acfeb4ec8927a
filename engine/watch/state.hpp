// What is wrong now, since when, and who was told: the state of `watch` as a value, and how an audit changes it. Pure.
//
// There is no queue of alarms. Each way keeps how much it was told of each finding, and at most one message that was
// not acknowledged yet; the next message is made of the difference. So a way that does not work for a week costs one
// message, and loses nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/watch/finding.hpp"

namespace fairway::watch {

// How much of a finding one way was told. Times are seconds since 1970, UTC.
struct Told {
    std::int64_t alarm = 0, last = 0;  // when the message with it was made; the last one about it while it was open
    bool end = false;

    friend bool operator==(const Told&, const Told&) = default;
};

// A finding from its beginning to its end. The same one later is another episode.
struct Episode {
    std::int64_t number = 0;
    Subject subject;
    Detail detail;
    std::int64_t since = 0, seen = 0;  // first and last audit that found it
    std::int64_t ended = 0;            // first audit that did not; 0: it is open
    Fate fate = Fate::complies;        // of one that ended
    std::map<std::string, Told> told;  // by way

    friend bool operator==(const Episode&, const Episode&) = default;
};

// A message that is sent, with this id and these bytes, until it is acknowledged.
struct Message {
    std::string id, body;
    std::int64_t made = 0, next = 0;  // when it is tried next
    std::int64_t tries = 0;

    friend bool operator==(const Message&, const Message&) = default;
};

struct WayState {
    std::optional<Message> message;
    std::int64_t delivered = 0, failed = 0;  // messages; tries
    std::string trouble;                     // of the last try; empty: it was acknowledged
    std::int64_t used = 0;                   // when it was one of those that are told

    friend bool operator==(const WayState&, const WayState&) = default;
};

struct State {
    std::string estate;
    std::string id;  // random: messages of another state file never have the same ids
    std::int64_t next_episode = 1, next_message = 1;
    std::int64_t audited = 0, succeeded = 0;  // the last audit, and the last one with a result; 0: none
    std::int64_t begun = 0;                   // episodes, ever
    std::int64_t left_out = 0;                // that ended and were forgotten untold, for want of room
    std::vector<Episode> episodes;            // open, or not told to every way yet; by number
    std::map<std::string, WayState> ways;     // by their key

    friend bool operator==(const State&, const State&) = default;
};

struct WatchLimits {
    std::size_t open = 200'000;    // findings that are open; others begin when there is room
    std::size_t untold = 10'000;   // that ended and wait for a way; then the oldest are forgotten
    std::size_t in_message = 100;  // findings in one message
    std::int64_t first_wait = 10;  // seconds after the first failed try; then twice as long each time
    std::int64_t longest_wait = 900;
    std::int64_t remind = 0;  // seconds; 0: no reminders
};

// Who is told from now on. A way that is new is told all that is open. What another one was told is kept for a month,
// so that a `watch` by hand between two of the service changes nothing.
void use(State& state, const std::vector<std::string>& ways, std::int64_t now);

// Which episodes an audit began and ended, as numbers and as they are then.
struct Turn {
    std::vector<Episode> began, ended;
    std::size_t no_room = 0;  // findings that did not begin
};
Turn see(State& state, const Seen& seen, std::int64_t now, const WatchLimits& limits);

// What a way must be told now.
struct News {
    std::vector<const Episode*> alarms, reminders, recoveries;
    bool empty() const { return alarms.empty() && reminders.empty() && recoveries.empty(); }
};
News news_for(const State& state, const std::string& way, std::int64_t now, const WatchLimits& limits);

// Takes `news` as the way's next message: what it tells counts as told from now on. `news` ends with it.
void put_message(State& state, const std::string& way, const News& news, Message message, std::int64_t now);
std::string next_message_id(State& state);

bool is_due(const WayState& way, std::int64_t now, const WatchLimits& limits);
void acknowledged(State& state, const std::string& way);
void not_taken(State& state, const std::string& way, const std::string& why, std::int64_t now,
               const WatchLimits& limits);

}  // namespace fairway::watch
