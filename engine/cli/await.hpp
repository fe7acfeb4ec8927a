// What verify waits for before it moves VMs, and apply before the next wave: replicas of the directory that do not have
// the run yet, and hosts that remember refusals. Says so while it waits; Ctrl-C ends the waiting and nothing else.
#pragma once

#include "engine/cli/answer.hpp"
#include "engine/cli/connect.hpp"
#include "engine/cli/documents.hpp"
#include "engine/model/run.hpp"
#include "engine/run/converge.hpp"
#include "engine/run/stop.hpp"

namespace fairway::cli {

struct Awaited {
    bool converged = true;       // or there is nothing to wait for
    std::int64_t forgotten = 0;  // when hosts will have forgotten refusals; 0: they have none of this run
    Json json = Json::object();  // empty: the directory has no replicas
};

// Checks --converge without touching anything: seconds; empty: not to look at all.
Result<std::optional<std::int64_t>> converge_limit(const Request& request);

// `wants`: what the run left, of which those in the directory count. `as_left`: it is still there; else waiting is in
// vain.
Result<Awaited> await_replicas(const Request& request, const Connections& connections, const Run& run,
                               const Desired& wants, bool as_left, const Stage& stage);

// With replicas that lag, as long as apply waits for them, and not longer than until `latest`.
Patience patience_with_replicas(const Stage& stage, Latest latest);

// What is due after this phase of the run (Phase::then). `purged`: hosts remember nothing. A
// Stop: it did not come, will not have come at `latest`, or Ctrl-C was pressed.
std::optional<Stop> await_phase(const Connections& connections, const Run& run, const Phase& phase, bool purged,
                                Latest latest, const Stage& stage);

// When the pause after this phase of the run ends.
std::int64_t pause_end(const Run& run, const Phase& phase);

// Until then or until Ctrl-C; false: the latter.
bool wait_until(std::int64_t then, std::string_view what, const Stage& stage);

}  // namespace fairway::cli
