// Does what a plan says, one change at a time: re-read, compare with what the plan saw, journal the
// intent, write, read back, journal the outcome. Judges nothing and decides nothing beyond that; stops at
// the first thing that is not as the plan says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/run.hpp"
#include "engine/provider.hpp"

namespace fairway {

// What happens, as it happens. Thrown through by tests that cut the power here.
struct Event {
    enum class Kind { started, intended, written, recorded };
    Kind kind{};
    const std::string& run;
    const Change* change = nullptr;  // null when started
    std::size_t number = 0, of = 0;
    PhaseKind phase{};
    Outcome outcome{};  // when recorded
};

struct Hands {
    Reader& reader;
    Writer& writer;
    Journal& journal;
    RightsReader* rights = nullptr;  // null: rights are not asked for before the first write
    Clock clock = system_now;
    std::function<void(const Event&)> on_event = [](const Event&) {};
    std::function<bool()> stop = [] { return false; };  // asked between changes
};

enum class Ending { complete, stopped, failed, in_doubt };
std::string_view name(Ending ending);

struct Applied {
    std::string run;
    Ending ending{};
    std::size_t done = 0, left = 0;  // changes of the plan
    std::string because;             // why it did not get to the end
    Code code{};                     // of that reason
};

// Every change whose place in the world is no longer as the plan saw it, or cannot be read: a sentence
// each; and every host that a change could disturb at its work. Code::stale, Code::refused or Code::unreachable;
// nothing was written. Reading ends early when `progress` says so.
Result<void> preflight(const Plan& plan, Reader& reader, const Progress& progress = {});

// An Error here means that nothing was written by this call (stale, denied, unreachable, full disk …) or that the
// journal could not be written any more; everything else is an Ending.
Result<Applied> apply(const Plan& plan, const RunHeading& heading, Hands hands);

// Goes on with a run that was stopped, failed or killed. The run's last intent is settled first.
Result<Applied> resume(const std::string& run, Hands hands);

// Settles what a killed run left open, by reading: outcomes go to the journal, the world is not touched.
// Gives the run as it is known then.
Result<Run> settle_run(const std::string& run, Reader& reader, Journal& journal, const Clock& clock);

}  // namespace fairway
