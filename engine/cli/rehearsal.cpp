// See rehearsal.hpp.
#include "engine/cli/rehearsal.hpp"

#include <fmt/format.h>

#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/cli/allow.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/plan_document.hpp"
#include "engine/cli/run_name.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/rehearsal.hpp"
#include "engine/run/rehearsal.hpp"

namespace fairway::cli {
namespace {

// Options of a rollback that are about a run.
std::optional<Error> about_a_run(const Request& request) {
    for (const std::string_view option :
         {"host", "except", "setting", "wave", "value", "controller", "ticket", "in-flight", "dry-run"})
        if (request.has(option))
            return Error{Code::bad_input,
                         fmt::format("--{} is for the rollback of a run; --rehearse takes a whole plan", option)};
    return std::nullopt;
}

Json rehearsal_json(const Rehearsal& rehearsal, const PlanFile& plan, const Estimate& time) {
    const PlanFile back(rehearsal.way_back);
    Json out = report::shown(back);
    out.update({{"plan_id", plan.id()},
                {"rehearsal", report::json(rehearsal, time)},
                {"left_out", Json::array()},
                {"others", Json::array()},
                {"conflicts", Json::array()},
                {"may_still_arrive", Json::array()}});
    out.update(report::provenance(*back));
    out["policy_sha256"] = plan->source_digest;
    return out;
}

}  // namespace

Result<Pace> pace_in(const Request& request, const std::string& estate) {
    const auto journal = Journal::open_to_read(store_path(request));
    if (!journal && journal.error().code == Code::not_found) return Pace();
    if (!journal) return tl::unexpected(journal.error());
    return pace_of(*journal, estate);
}

Answer rehearse_rollback(const Request& request, const Stage& stage) {
    if (auto wrong = about_a_run(request)) return trouble(Exit::usage, "bad_input", wrong->text);
    const auto allowed = allowances(request);
    if (!allowed) return trouble(Exit::usage, "bad_input", allowed.error().text);
    catch_interrupts();
    const std::string& named = request.arguments[0];
    if (is_run_name(named) && !is_there(named))
        return trouble(
            Exit::usage, "bad_input",
            fmt::format("--rehearse takes a plan file; what the rollback of a run would do: fairway rollback "
                        "{} --dry-run",
                        named));
    const auto file = read_plan(named);
    if (!file) return trouble(file.error());
    auto inventory = load_inventory(request);
    if (!inventory) return inventory.error();
    if (auto ours = belongs(**file, *inventory); !ours) return trouble(ours.error());
    if ((*file)->purpose != Purpose::apply)
        return trouble(Exit::refused, "refused", "this is the plan of a rollback; only a plan to apply is rehearsed");
    cover_like(*inventory, (*file)->not_covered);
    const Connections connections(*inventory, request.recording);
    const auto reader = connections.reader();
    if (!reader) return trouble(reader.error());
    const Snapshot seen = seen_for(**file, *inventory, **reader, unless_interrupted(stage));
    const auto rehearsal = rehearse(
        *file, seen, *inventory, [&] { return connections.names(); }, *allowed);
    if (!rehearsal) return trouble(rehearsal.error());
    if (rehearsal->refused) return trouble(*rehearsal->refused);
    const auto pace = pace_in(request, inventory->estate);
    if (!pace) return trouble(pace.error());
    const Estimate time = estimate(**file, inventory->limits.run, *pace);
    const bool exact = rehearsal->exact() == rehearsal->parts.size();
    return {.exit = exact ? Exit::fine : Exit::partly_applied,
            .text = stage.text([&] {
                return (request.has("full") ? report::text(rehearsal->way_back, stage.style, {.full = true}) : "") +
                       report::text(*rehearsal, *file, time, stage.style);
            }),
            .json = stage.json([&] { return rehearsal_json(*rehearsal, *file, time); }),
            .trouble = {}};
}

Result<Plan> rehearsed(Plan plan, const Judged& seen) {
    const PlanFile file(std::move(plan));
    const auto rehearsal =
        fairway::rehearse(file, seen.snapshot, seen.inventory, [&] { return seen.connections.names(); });
    if (!rehearsal) return fail(rehearsal.error().code, "the plan cannot be rehearsed: " + rehearsal.error().text);
    Plan out = *file;
    out.rehearsed = outcome(*rehearsal);
    return out;
}

}  // namespace fairway::cli
