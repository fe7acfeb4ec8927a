// The state of `watch` and its file: what changes is durable before anybody is told of it. It knows no process, no
// network and no clock, so that a test can run ten thousand audits with every fault.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/watch/message.hpp"
#include "engine/watch/state.hpp"
#include "engine/watch/ways.hpp"

namespace fairway::watch {

// Puts the text into the place of the state's file; when it returns well, it is durable.
using Save = std::function<Result<void>(const std::string& text)>;

class Keeper {
public:
    Keeper(State state, std::vector<Way> ways, WatchLimits limits, Heading heading, Save save, std::int64_t now);

    Turn saw(const Seen& seen, std::int64_t now);
    // The ways that are to be tried now; each is in flight until it is answered. None, while the state is not durable.
    std::vector<const Way*> take_due(std::int64_t now);
    void answered(const Way& way, const Result<void>& answer, std::int64_t now);
    void save_again();  // if it is not durable

    const State& state() const { return state_; }
    const Message& message(const Way& way) const { return *state_.ways.at(way.key).message; }
    const Result<void>& saved() const { return saved_; }
    const std::vector<Way>& ways() const { return ways_; }
    bool all_told() const;                      // nobody waits for a message
    std::int64_t next(std::int64_t now) const;  // when there is something to do, apart from audits

private:
    void compose(std::int64_t now);

    State state_;
    std::vector<Way> ways_;
    WatchLimits limits_;
    Heading heading_;
    Save save_;
    Result<void> saved_;
    std::set<std::string> in_flight_;
};

}  // namespace fairway::watch
