// See trials.hpp.
#include "engine/cli/trials.hpp"

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/report/replication.hpp"
#include "engine/report/run.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

// Why no ticket of the caller goes any further from this host, or from the first such one where none is named; or
// empty.
std::string caller_refused_at(std::span<const Mesh> meshes, const std::string& host = {}) {
    for (const Mesh& mesh : meshes)
        for (const End& end : mesh.ends)
            if (host.empty() || end.host->name == host)
                if (std::string why = caller_refused(end); !why.empty()) return why;
    return {};
}

}  // namespace

Result<bool> try_all(const Request& request, const Tour& tour, const Awaited& awaited, Json& trials,
                     const Stage& stage) {
    if (!awaited.converged) {
        stage.say("No trial move was tried: it would test replication and not the settings.\n");
        return false;
    }
    // What hosts remember does not matter to a caller whom they would refuse anyway.
    if (const std::string refused = caller_refused_at(tour.meshes); !refused.empty()) {
        stage.say(fmt::format("Trial moves are expected to fail: {}.\n", refused));
    } else if (awaited.forgotten > 0) {
        stage.say(report::refusals_text(request.arguments[0], awaited.forgotten, system_now()));
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
        if (trial.proof) return !interrupted();
        std::string hint = caller_refused_at(tour.meshes, trial.move.from);
        if (hint.empty() && system_now() < awaited.forgotten) hint = report::refusals_hint(awaited.forgotten);
        if (!hint.empty()) {
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
