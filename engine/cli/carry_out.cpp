// See carry_out.hpp.
#include "engine/cli/carry_out.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "engine/base/clock.hpp"
#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/await.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/pass_gates.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/event_lines.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/report/story.hpp"
#include "engine/run/glass_behind.hpp"
#include "engine/run/stale.hpp"

namespace fairway::cli {
namespace {

std::string step_line(const Event& event, const report::Style& style) {
    const bool done = event.outcome == Outcome::done, good = done && event.complaint.empty();
    std::string out =
        fmt::format("  {} {:>3}/{}  {}  {}: {}\n",
                    style(good   ? report::Paint::good
                          : done ? report::Paint::warn
                                 : report::Paint::bad,
                          good   ? "✓"
                          : done ? "!"
                                 : "✗"),
                    event.recorded, event.of, style.pad(title(*event.phase), 19), in_words(event.change->address),
                    done ? report::transition(*event.change) : std::string(report::words(event.outcome)));
    if (!event.complaint.empty()) out += "      done, but the host says: " + text::printable(event.complaint) + "\n";
    if (!event.moved.empty()) out += "      " + text::printable(event.moved) + "\n";
    return out;
}

// What stands before the bar: "Applying wave 2, 3.2/s, window 3h20m, undo 40s".
class Speed {
public:
    std::string text(const Event& event, const std::optional<Span>& window) {
        const std::int64_t took_ms = steady_now_ms() - began_ms_;
        std::string out = "Applying " + title(*event.phase);
        if (took_ms > 0)
            out += fmt::format(", {:.1f}/s", 1000.0 * static_cast<double>(++made_) / static_cast<double>(took_ms));
        if (window) out += ", window " + show_estimate((window->until - system_now()) * 1000);
        if (undo_ms_ > 0) out += ", undo " + show_estimate(undo_ms_);
        return out;
    }
    void begins(const Estimate& estimate) { undo_ms_ = estimate.undo_ms; }

private:
    std::int64_t began_ms_ = steady_now_ms(), undo_ms_ = 0;
    std::size_t made_ = 0;
};

// How long a phase takes is of interest where others follow it, and where there is an end.
bool tells_time(const Plan& plan, const Manner& manner) { return plan.rollout || manner.window; }

std::string whole_time(const Plan& plan, const Manner& manner, const Pace& pace, const report::Style& style) {
    const Estimate time = estimate(plan, manner.in_flight, pace);
    return report::time_text(time, report::too_long(time, manner.window, system_now()), style);
}

// Only a rollback can put back what ended a break-glass run, so the journal is not asked of other runs.
std::string baseline_text(const std::string& run, const Plan& plan, const Journal& journal) {
    return fmt::format("Baseline recorded: run {}.{}\n", run,
                       plan.purpose == Purpose::apply || is_undoable(run, journal)
                           ? "  Undo at any time: fairway rollback " + run
                           : "");
}

// The journal does not keep them, so who goes on with the run gives them again.
std::string only_now(const Manner& manner) {
    if (manner.given.empty()) return {};
    return fmt::format("For this command alone: {}\n", text::join(manner.given, ", "));
}

Hands hands(Ground& ground, Writer& writer, RightsReader& rights, const Plan& plan, std::string_view digest,
            const Manner& manner, const Stage& stage) {
    const auto written = std::make_shared<bool>(false);
    const auto speed = std::make_shared<Speed>();
    const Pace pace = pace_of(ground.journal, plan.estate).value_or(Pace());
    return {.reader = *ground.reader,
            .writer = writer,
            .journal = ground.journal,
            .rights = &rights,
            .clock = system_now,
            .on_event =
                [&ground, &stage, &plan, &manner, digest, written, speed, pace](const Event& event) {
                    *written = *written || event.kind == Event::Kind::intended;
                    stage.tell([&] {
                        Json said = report::event_json(event);
                        if (event.kind == Event::Kind::started && plan.purpose == Purpose::rollback)
                            said["rolls_back"] = plan.source;
                        return said;
                    });
                    // A rollback was shown whole.
                    if (event.kind == Event::Kind::started && plan.purpose == Purpose::apply)
                        stage.say(report::heading(plan, digest) + only_now(manner));
                    if (event.kind == Event::Kind::started && plan.purpose == Purpose::apply && event.recorded == 0 &&
                        tells_time(plan, manner))
                        stage.say(whole_time(plan, manner, pace, stage.style));
                    if (event.kind == Event::Kind::started) stage.say(baseline_text(event.run, plan, ground.journal));
                    if (event.kind == Event::Kind::phase_begins && tells_time(plan, manner)) {
                        speed->begins(*event.estimate);
                        stage.say(report::estimate_text(*event.phase, *event.estimate, manner.window, system_now()));
                    }
                    if (event.kind != Event::Kind::recorded) return;
                    stage.say(step_line(event, stage.style));
                    stage.bar(speed->text(event, manner.window), event.recorded, event.of);
                },
            .stop = interrupted,
            // Later, who does not listen any more stops nothing: half a run would be worse.
            .heard = [written] { return *written ? Result<void>() : output_works(); },
            .wait = [&ground, &stage, purged = manner.purged](const Phase& done, const std::string& id,
                                                              Latest latest) -> std::optional<Stop> {
                const auto run = ground.journal.load(id);
                if (!run) return Stop{Stop::Reason::waiting, run.error()};
                return await_phase(ground.connections, *run, done, purged, latest, stage);
            },
            .pause_end =
                [&ground](const Phase& done, const std::string& id) {
                    const auto run = ground.journal.load(id);
                    return run ? pause_end(*run, done) : std::int64_t{0};
                },
            .ask_gates = [&ground, &stage](const Phase& done, const Phase& next, const std::string& id,
                                           Latest latest) -> std::optional<Stop> {
                const auto run = ground.journal.load(id);
                if (!run) return Stop{Stop::Reason::gate, run.error()};
                return pass_gates(ground, *run, done, next, latest, stage);
            },
            .window = manner.window,
            .pace = pace,
            .in_flight = manner.in_flight,
            .tolerance = manner.tolerance};
}

bool unheard(const Applied& applied) { return applied.reason == Stop::Reason::unheard; }

Exit exit_of(const Applied& applied) {
    if (unheard(applied)) return Exit::error;
    switch (applied.ending) {
        case Ending::complete: return Exit::fine;
        case Ending::in_doubt: return Exit::in_doubt;
        case Ending::stopped:
        case Ending::failed: break;
    }
    return Exit::partly_applied;
}

Answer answer(const Result<Applied>& applied, const Plan& plan, std::string_view digest, const Stage& stage) {
    if (!applied) {
        Answer out = trouble(applied.error());
        if (applied.error().code == Code::stale && plan.purpose == Purpose::apply)
            out.trouble += "Nothing was written. Make a fresh plan: the rest of this one can go on only with it.\n";
        if (applied.error().code == Code::unreachable && plan.purpose == Purpose::apply)
            out.trouble +=
                "Nothing was written. To make the changes of the other hosts: --except HOSTS, or --max-failures N.\n";
        if (applied.error().code == Code::denied)
            out.trouble += "Nothing was written. `fairway plan` says what the caller may write.\n";
        return out;
    }
    return {.exit = exit_of(*applied),
            .text = stage.text([&] { return report::text(*applied, plan, stage.style); }),
            .json = stage.json([&] { return applied_json(*applied, plan, digest); }),
            .trouble = {}};
}

bool changes_directory(const Plan& plan) {
    const auto changes = numbered(plan);
    return std::any_of(changes.begin(), changes.end(),
                       [](const Change* change) { return row_of(change->address.kind()).in_directory; });
}

}  // namespace

Json applied_json(const Applied& applied, const Plan& plan, std::string_view digest) {
    Json out = {
        {"plan_id", plan_id(digest)}, {"risk", name(highest_risk(plan))}, {"applied", report::json(applied, plan)}};
    out.update(report::provenance(plan));
    return out;
}

Progress unless_interrupted(const Stage& stage) {
    return [&stage](std::size_t done, std::size_t of) {
        stage.bar("Reading", done, of);
        return !interrupted();
    };
}

Result<std::size_t> in_flight_of(const Request& request, const Inventory& inventory) {
    constexpr std::size_t most = 10'000;
    return request.has("in-flight") ? count_given(request, "in-flight", "changes", most) : inventory.limits.run;
}

Answer with_hands(Ground& ground, const std::string& ours, const Plan& plan, std::string_view digest,
                  const Manner& manner, const Stage& stage, const std::function<Result<Applied>(Hands)>& write) {
    const auto settled = settle_unfinished(ground, ours);
    if (!settled) return trouble(settled.error());
    stage.say(*settled);
    if (auto heard = output_works(); !heard) return no_output(heard.error());
    const auto writer = ground.connections.writer();
    if (!writer) return trouble(writer.error());
    const auto rights = ground.connections.rights();
    if (!rights) return trouble(rights.error());
    const auto applied = write(hands(ground, **writer, **rights, plan, digest, manner, stage));
    if (applied) stage.tell([&] { return report::end_json(*applied); });
    Answer out = answer(applied, plan, digest, stage);
    out.of_run = applied.has_value();
    if (applied && stage.structured)
        if (const auto run = ground.journal.load(applied->run)) out.json["timeline"] = report::timeline_json(*run);
    if (applied && unheard(*applied)) out.trouble += no_output({applied->code, applied->because}).trouble;
    if (out.exit == Exit::fine && changes_directory(plan) && !(*writer)->replicas().empty())
        out.text += fmt::format("Other domain controllers receive it later: fairway verify {} looks until they have.\n",
                                applied->run);
    return out;
}

Carried carry_out(Ground& ground, const PlanFile& file, const std::string& rolls_back, const Stage& stage,
                  const Manner& manner) {
    Carried out;
    out.answer = with_hands(ground, {}, *file, file.digest(), manner, stage, [&](Hands hands) {
        const RunHeading heading{.who = account(),
                                 .host = machine(),
                                 .rolls_back = rolls_back,
                                 .replicas = hands.writer.replicas(),
                                 .allowed = manner.allowed,
                                 .term = manner.lasts > 0 ? std::optional(Term{.until = system_now() + manner.lasts,
                                                                               .reason = manner.reason})
                                                          : std::nullopt};
        out.applied = fairway::apply(file, heading, std::move(hands));
        return *out.applied;
    });
    return out;
}

}  // namespace fairway::cli
