// See trials.hpp.
#include "engine/cli/trials.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <random>
#include <thread>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/trial_events.hpp"
#include "engine/diagnosis/failed_move.hpp"
#include "engine/paths/conditions.hpp"
#include "engine/paths/explain.hpp"
#include "engine/report/replication.hpp"
#include "engine/report/trial.hpp"
#include "engine/report/why_failed.hpp"
#include "engine/run/trials.hpp"

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

// The path of a move, as it was read before; nothing where the trial is of a whole tour.
std::optional<Path> path_of(const TrialMove& move, const Tour& tour) {
    for (const Mesh& mesh : tour.meshes) {
        const auto end = [&](const std::string& name) {
            return std::find_if(mesh.ends.begin(), mesh.ends.end(),
                                [&](const End& one) { return one.host->name == name; });
        };
        const auto from = end(move.from), to = end(move.to);
        if (from != to && from != mesh.ends.end() && to != mesh.ends.end())
            return fairway::explain(*from, *to, tour.snapshot);
    }
    return std::nullopt;
}

void explain_failure(const Trial& trial, const Tour& tour, TrialLogs& logs, const Awaited& awaited, Json& json,
                     const Stage& stage) {
    if (auto path = path_of(trial.move, tour)) {
        auto logged = logs.since(trial);
        const WhyFailed why = why_failed({std::move(*path), trial.failed->text, std::move(logged.events)});
        stage.say(report::text(why, logged.unread, stage.style));
        json["why"] = report::json(why, logged.unread);
    }
    std::string hint = caller_refused_at(tour.meshes, trial.move.from);
    if (hint.empty() && system_now() < awaited.forgotten) hint = report::refusals_hint(awaited.forgotten);
    if (hint.empty()) return;
    stage.say("    " + hint + "\n");
    json["hint"] = hint;
}

void tell_blackouts(const std::vector<Trial>& trials, TrialLogs& logs, Json& json, const Stage& stage) {
    std::vector<std::string> unread;
    const auto lengths = logs.blackouts(trials, unread);
    bool all = true;
    for (std::size_t i = 0; i < trials.size(); ++i) {
        all = all && (lengths[i] || trials[i].failed);
        if (!lengths[i]) continue;
        json[i]["blackout_ms"] = lengths[i]->count();
        stage.say(fmt::format("  {} stood still for {} ms: {} → {}\n", trials[i].move.vm, lengths[i]->count(),
                              trials[i].move.from, trials[i].move.to));
    }
    if (all) return;
    for (const std::string& one : unread) stage.say(fmt::format("  blackout not read: {}\n", text::printable(one)));
}

}  // namespace

Result<std::uint64_t> seed_of(const Request& request) {
    const std::string given = request.get("seed");
    if (given.empty()) return std::random_device()();
    if (const auto seed = text::number<std::uint64_t>(given)) return *seed;
    return fail(Code::bad_input, fmt::format("--seed takes a number from 0 on, as a verify printed it; not `{}`",
                                             text::printable(given)));
}

Result<bool> try_all(const Request& request, const Tour& tour, const Awaited& awaited, Json& out, const Stage& stage) {
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
    const auto seed = seed_of(request);
    if (!seed) return tl::unexpected(seed.error());
    if (tour.wanted.pairs == TrialMoves::Pairs::sample) {
        out["seed"] = *seed;
        stage.say(fmt::format("Pairs drawn with --seed {}\n", *seed));
    }
    const auto mover = tour.connections.mover();
    if (!mover) return tl::unexpected(mover.error());
    bool good = true;
    TrialLogs logs(tour.inventory, tour.connections);
    const auto said = [&](const Trial& trial) {
        stage.say(report::text(trial, stage.style));
        out["trials"].push_back(report::json(trial));
        good = good && !trial.failed;
        if (trial.failed) explain_failure(trial, tour, logs, awaited, out["trials"].back(), stage);
        return !interrupted();
    };
    const TrialWatch watch{.ended = said,
                           .moving =
                               [&](const Trial& trial) {
                                   stage.bar(report::under_way(trial), static_cast<std::size_t>(trial.proof.percent),
                                             100);
                               },
                           .sleep = [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); },
                           .clock = system_now};
    const Trials tried = try_moves(tour.inventory, tour.wanted, *seed, **mover, watch);
    if (tour.wanted.blackout && !interrupted()) tell_blackouts(tried.trials, logs, out["trials"], stage);
    for (const Toured& vm : tried.vms) {
        stage.say(report::text(vm, stage.style));
        out["vms"].push_back(report::json(vm));
    }
    return good;
}

}  // namespace fairway::cli
