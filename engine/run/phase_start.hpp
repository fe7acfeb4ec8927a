// May this change begin now? Nothing begins after Ctrl-C and outside of the window. Before the first change of a phase,
// what is due behind the phases before it comes first, and what is left of the window must be enough to make the phase
// and to undo everything.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/apply.hpp"
#include "engine/run/ready.hpp"

namespace fairway {

class PhaseStart {
public:
    // All of them outlive it. `known`: what the run's changes came to is kept up to date there by the caller.
    PhaseStart(const Plan& plan, const Known& known, const Hands& hands)
        : plan_(plan), known_(known), fates_(known.aside), hands_(hands), pace_(hands.pace) {}

    // What stands in the way of this change (its number in the plan), when the run goes by that name.
    std::optional<Stop> before(std::size_t number, const std::string& run);
    // What stands in the way of any change, now.
    std::optional<Stop> stopped() const;
    // When the window ends: from then on no request that changes something may be sent, however long it was prepared.
    MayBegin::Clock::time_point deadline() const;
    // Whether what is left of the window is enough for that phase: asked before the run has a name.
    std::optional<Stop> too_short_for(std::size_t phase) const;

    // A round of changes of that kind took so long.
    void took(Kind kind, std::int64_t ms) { pace_.took(kind, ms); }

    const std::vector<std::pair<std::string, Estimate>>& estimates() const { return estimates_; }

private:
    Estimate estimate_of(std::size_t phase) const;
    std::optional<Stop> too_short_for(std::size_t phase, const Estimate& needed) const;
    std::optional<Stop> wait_before(std::size_t phase, const std::string& run);
    Latest latest_for(std::size_t phase) const;
    std::optional<Stop> no_room_after_pause(const Phase& done, std::size_t phase, const std::string& run,
                                            Latest latest) const;
    bool any_done(std::size_t phase) const;

    const Plan& plan_;
    const Known& known_;
    const Aside& fates_;
    const Hands& hands_;
    Pace pace_;
    std::optional<std::size_t> current_;  // the phase that is under way
    std::size_t waited_for_ = 0;          // phases behind which was waited
    std::vector<std::pair<std::string, Estimate>> estimates_;
};

// The span in which all of these windows are open, now or next. Code::refused: one of them is over, or they never meet.
Result<std::optional<Span>> common_span(std::span<const Window> windows, std::int64_t now);

}  // namespace fairway
