// See trials.hpp.
#include "engine/cli/trials.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/report/replication.hpp"
#include "engine/report/run.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {

Result<bool> try_all(const Request& request, const Tour& tour, const Awaited& awaited, Json& trials,
                     const Stage& stage) {
    if (!awaited.converged) {
        stage.say("No trial move was tried: it would tell of replication and not of the settings.\n");
        return false;
    }
    if (awaited.forgotten > 0) {
        stage.say(report::refusals_text(awaited.forgotten, system_now()));
        if (request.has("wait-for-caches") &&
            !wait_until(awaited.forgotten, "Waiting until hosts have forgotten refusals", stage))
            return false;
    }
    const auto mover = tour.connections.mover();
    if (!mover) return tl::unexpected(mover.error());
    bool good = true;
    const auto said = [&](const Trial& trial) {
        stage.say(report::text(trial, stage.style));
        trials.push_back(report::json(trial));
        good = good && trial.proof.has_value();
        if (!trial.proof && system_now() < awaited.forgotten) {
            const std::string hint = report::refusals_hint(awaited.forgotten);
            stage.say("    " + hint + "\n");
            trials.back()["hint"] = hint;
        }
        return !interrupted();
    };
    try_moves(tour.inventory, tour.wanted, tour.reader, **mover, said, [&](const TrialMove& move, int percent) {
        stage.bar(fmt::format("Moving {} from {} to {}", move.vm, move.from, move.to),
                  static_cast<std::size_t>(percent), 100);
    });
    return good;
}

}  // namespace fairway::cli
