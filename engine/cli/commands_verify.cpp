// The command that proves: is what a run wrote still there, and do VMs move?
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/cli/await.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/trials.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/report/findings.hpp"
#include "engine/report/matrix.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/stale.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

std::string words(const Standing& run, const std::string& id) {
    std::string out;
    if (!run.gone.by.empty())
        out += fmt::format("Run {} was {}rolled back by run {}.\n", id, run.gone.all ? "" : "partly ",
                           text::join(run.gone.by, " and "));
    if (run.done == run.changes) return out;
    out += fmt::format("Only {} of {} of run {} {} done.\n", run.done, report::count(run.changes, "change"), id,
                       run.done == 1 ? "is" : "are");
    for (const auto& [address, outcome] : run.open)
        out += fmt::format("  ✗ {} ({})\n", text::printable(in_words(address)),
                           outcome ? report::words(*outcome) : "cut off, not settled");
    const std::size_t never = run.changes - run.done - run.open.size();
    if (never > 0)
        out += fmt::format("  {} never begun\n", never == 1 ? "1 change was" : fmt::format("{} changes were", never));
    return out;
}

// What to do where a run is not verified.
std::string way_on(const Standing& run, const std::string& id, bool wait, bool undoable) {
    if (!run.gone.by.empty()) return {};
    if (wait) return fmt::format(" Again later: fairway verify {}", id);
    const std::string back = undoable ? fmt::format(" Go back: fairway rollback {}", id) : std::string();
    return run.whole() ? back : fmt::format(" Go on: fairway apply --resume {}{}", id, back.empty() ? "" : "  " + back);
}

// Whether the options that are numbers are such.
Result<void> numbers(const Request& request) {
    if (const auto limit = converge_limit(request); !limit) return tl::unexpected(limit.error());
    if (const auto seed = seed_of(request); !seed) return tl::unexpected(seed.error());
    return {};
}

Answer verify_run(const Request& request, const Stage& stage) {
    const std::string& id = request.arguments[0];
    if (const auto usable = numbers(request); !usable) return trouble(Exit::usage, "bad_input", usable.error().text);
    std::optional<Policy> policy;
    if (request.has("policy")) {
        auto loaded = load_policy(request);
        if (!loaded) return loaded.error();
        policy = std::move(*loaded);
    }
    auto held = ground(request, "verifying run " + id, Store::must_exist, id);
    if (!held) return held.error();
    const std::optional<Run>& run = held->run;
    if (run->plan.estate != held->inventory.estate)
        return trouble(Exit::refused, "refused", fmt::format("run {} was of the estate {}", id, run->plan.estate));
    const auto standing = standing_of(*run, held->journal);
    if (!standing) return trouble(standing.error());
    cover_like(held->inventory, run->plan.not_covered);
    const Verified seen = fairway::verify(*run, held->inventory, *held->reader, unless_interrupted(stage));
    const std::vector<Finding>& findings = seen.findings;
    const std::vector<Mesh> ends = seen.ends();
    const PathCount paths = count(matrices(ends));
    const bool as_left = seen.as_left();
    bool good = as_left && standing->whole();
    stage.say(words(*standing, id));
    stage.say(fmt::format("{} of run {}: {}\n", report::count(findings.size(), "value"), id,
                          as_left ? "all as it left them" : "not all as it left them"));
    stage.say(report::findings_text(findings, nullptr, stage.style));
    stage.say(fmt::format("Paths  {} of {} open\n", paths.open, paths.open + paths.closed + paths.unknown));
    Answer out;
    out.json = {{"run", id},
                {"changes", standing->changes},
                {"done", standing->done},
                {"rolled_back_by", standing->gone.by},
                {"findings", Json::array()},
                {"paths", report::to_json(paths)},
                {"trials", Json::array()},
                {"vms", Json::array()},
                {"seed", nullptr}};
    for (const Finding& finding : findings) out.json["findings"].push_back(report::to_json(finding));
    if (stage.structured) out.json.update(report::provenance(run->plan));
    const auto awaited = await_replicas(request, held->connections, *run, seen.wants, good, stage);
    if (!awaited)
        return trouble({awaited.error().code, awaited.error().text + "; --converge none verifies without asking that"});
    const bool wait = good && !awaited->converged;  // it may succeed later
    if (!awaited->json.empty()) out.json["replication"] = awaited->json;
    if (!awaited->converged) good = false;
    if (policy && policy->moves && !request.has("no-moves") && !interrupted() && standing->whole()) {
        const auto tried =
            try_all(request, {seen.inventory, *policy->moves, held->connections, *held->reader, ends, seen.snapshot},
                    *awaited, out.json, stage);
        if (!tried) return trouble(tried.error());
        good = good && *tried;
    }
    if (interrupted()) {
        good = false;
        stage.say("Interrupted: not everything was tried.\n");
    }
    out.exit = good ? Exit::fine : Exit::not_verified;
    out.text = good ? stage.style(report::Paint::good, "Verified.") + "\n"
                    : stage.style(report::Paint::bad, "Not verified.") +
                          way_on(*standing, id, wait, is_undoable(id, held->journal)) + "\n";
    return out;
}

}  // namespace

Answer verify(const Request& request, const Stage& stage) {
    const bool of_vm = request.has("prepare") || request.has("remove");
    return of_vm ? prepare(request, stage) : verify_run(request, stage);
}

}  // namespace fairway::cli
