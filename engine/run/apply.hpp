// Does what a plan says, phase by phase, changes of different objects at the same time: re-read, compare with what the
// plan saw, journal the intents, write, read back, journal the outcomes. Judges nothing and decides nothing beyond
// that; begins nothing more after the first thing that is not as the plan says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"
#include "engine/model/window.hpp"
#include "engine/provider.hpp"
#include "engine/run/aside.hpp"
#include "engine/run/pace.hpp"
#include "engine/run/settling.hpp"
#include "engine/run/stop.hpp"

namespace fairway {

// What happens, as it happens. Thrown through by tests that cut the power here.
struct Event {
    enum class Kind { started, phase_begins, intended, written, recorded };
    Kind kind{};
    const std::string& run;
    const Change* change = nullptr;      // null when started, and when a phase begins
    const Phase* phase = nullptr;        // its own
    const Estimate* estimate = nullptr;  // when a phase begins
    std::size_t recorded = 0, of = 0;    // changes of the plan: with this one, and all
    Outcome outcome{};                   // when recorded
    std::string complaint;               // of the server, although the value is there
    std::string moved;                   // what others did with the rest of the list since the plan was made
};

struct Hands {
    Reader& reader;
    Writer& writer;
    Journal& journal;
    RightsReader* rights = nullptr;  // null: rights are not asked for before the first write
    Clock clock = system_now;
    Clock steady_ms = steady_now_ms;  // milliseconds, for durations
    std::function<void(const Event&)> on_event = [](const Event&) {};
    std::function<bool()> stop = [] { return false; };  // asked before each change
    // Asked before each change as well. An Error: nobody would learn what was done, so nothing is begun.
    std::function<Result<void>()> heard = [] { return Result<void>(); };
    // When a phase is done: waits for what is due behind it (Phase::then), not longer than until `latest`.
    std::function<std::optional<Stop>(const Phase& done, const std::string& run, Latest latest)> wait =
        [](const Phase&, const auto&, Latest) { return std::nullopt; };
    // When the pause behind a phase that is done ends, in seconds since 1970; 0: there is none.
    std::function<std::int64_t(const Phase& done, const std::string& run)> pause_end = [](const Phase&, const auto&) {
        return std::int64_t{0};
    };
    // Before the next begins: asks the gates of the last that is done, not longer than until `latest`.
    std::function<std::optional<Stop>(const Phase& done, const Phase& next, const std::string& run, Latest latest)>
        ask_gates = [](const Phase&, const Phase&, const auto&, Latest) { return std::nullopt; };
    std::optional<Span> window = {};  // nothing begins outside of it
    Pace pace = {};                   // of earlier runs
    std::size_t in_flight = 1;        // most changes at the same time; not 0
    Tolerance tolerance = {};
};

enum class Ending { complete, stopped, failed, in_doubt };
std::string_view name(Ending ending);

// What is to be reported of a change that was made.
struct Remark {
    Address address;
    std::string complaint, moved;  // as in an Event
};

struct Applied {
    std::string run;
    Ending ending{};
    std::size_t done = 0, left = 0;      // changes of the plan
    std::string because;                 // why not everything was made: a line for each reason
    Code code{};                         // of the first of them
    std::optional<Stop::Reason> reason;  // of the gravest; empty: complete, or only what the caller left out is left
    std::vector<std::pair<std::string, Estimate>> estimates;  // of the phases that were begun, by title
    std::optional<Address> at;                                // where something failed first
    bool untouched = false;                                   // nothing was written there
    std::vector<LeftOut> left_out;                            // what it went on without
    std::vector<Fate> fates;                                  // of each change
    std::vector<Remark> remarks;
    bool undoable = true;  // false: it ended a break-glass run, so `rollback` refuses it
};

// An Error here means that nothing was written by this call (stale, denied, unreachable, full disk …) or that the
// journal could not be written any more; everything else is an Ending.
Result<Applied> apply(const PlanFile& file, const RunHeading& heading, Hands hands);

// Goes on with a run that was stopped, failed or killed. What it left open is settled first. What stays in doubt or
// cannot be read is left out, together with the rest of its object. A run that was rolled back is refused, and one that
// would open again what a break-glass run had opened.
Result<Applied> resume(const std::string& run, Hands hands);

}  // namespace fairway
