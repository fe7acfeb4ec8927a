// The command that writes: apply. It holds the locks of the store and of the estate from before its first reading to
// its end; so do rollback and verify.
#include <algorithm>
#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/advice.hpp"
#include "engine/cli/after_failure.hpp"
#include "engine/cli/allow.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/plan_document.hpp"
#include "engine/cli/rehearsal.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/report/story.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/later.hpp"
#include "engine/run/phase_start.hpp"
#include "engine/run/ready.hpp"

namespace fairway::cli {
namespace {

// Whether it is the plan that the caller means, in digits of its digest.
Answer is_meant(const Request& request, std::string_view digest) {
    constexpr std::size_t fewest = 12, most = 64;
    if (!request.has("plan-id")) return {};
    const std::string id = text::fold(request.get("plan-id"));
    const auto is_digit = [](char c) { return text::hex_digit(c) >= 0; };
    if (id.size() < fewest || id.size() > most || !std::all_of(id.begin(), id.end(), is_digit))
        return trouble(
            Exit::usage, "bad_input",
            fmt::format("--plan-id takes {} to {} hexadecimal digits, as `fairway show` prints them", fewest, most));
    if (digest.starts_with(id)) return {};
    return trouble(Exit::refused, "refused",
                   fmt::format("this is plan {}, not {} (--plan-id); nothing was written", plan_id(digest), id));
}

// --host, --except and --max-failures, beside what the plan says of failures.
Result<Tolerance> tolerance_of(const Request& request, Inventory inventory, const RunRules& rules) {
    constexpr std::size_t most_failures = 100'000;
    Tolerance out;
    out.of_phase = rules.max_failures;
    if (out.of_phase.any()) out.failures = most_failures;
    if (request.has("max-failures")) {
        const auto failures = count_given(request, "max-failures", "hosts", most_failures);
        if (!failures) return tl::unexpected(failures.error());
        out.failures = *failures;
    }
    if (auto covered = cover_as_asked(request, inventory); !covered) return tl::unexpected(covered.error());
    for (const Host& host : inventory.hosts) {
        if (!host.not_covered.empty()) out.without.emplace(host.name, host.not_covered);
        if (!host.domain.empty()) out.domains.emplace(host.name, host.domain);
    }
    return out;
}

// The window of the plan and that of --window, both. Code::refused: one is over.
Result<std::optional<Span>> window_of(const Request& request, const RunRules& rules) {
    std::vector<Window> all;
    if (rules.window) all.push_back(*rules.window);
    if (request.has("window")) {
        auto given = window_from(request.get("window"));
        if (!given) return fail(Code::bad_input, "--window: " + given.error().text);
        all.push_back(std::move(*given));
    }
    return common_span(all, system_now());
}

OnFailure on_failure_of(const Request& request, const RunRules& rules) {
    for (const OnFailure one : {OnFailure::rollback, OnFailure::ask, OnFailure::stop})
        if (request.get("on-failure") == name(one)) return one;
    return rules.on_failure.value_or(OnFailure::stop);
}

Result<Manner> manner_of(const Request& request, const Inventory& inventory, const Plan& plan) {
    auto tolerance = tolerance_of(request, inventory, plan.run_rules);
    if (!tolerance) return tl::unexpected(tolerance.error());
    const auto in_flight = in_flight_of(request, inventory);
    if (!in_flight) return tl::unexpected(in_flight.error());
    const auto window = window_of(request, plan.run_rules);
    if (!window) return tl::unexpected(window.error());
    std::vector<std::string> given;
    for (const std::string option : {"window", "on-failure", "max-failures", "except", "host"})
        for (const std::string& value : request.all(option))
            given.push_back(fmt::format("--{} {}", option, text::printable(value)));
    return Manner{.in_flight = *in_flight,
                  .purged = request.has("purged"),
                  .tolerance = std::move(*tolerance),
                  .window = *window,
                  .on_failure = on_failure_of(request, plan.run_rules),
                  .given = std::move(given)};
}

Answer no_manner(const Error& error) {
    if (error.code == Code::refused) return trouble(Exit::refused, "refused", error.text + "; nothing was written");
    return trouble(Exit::usage, "bad_input", error.text);
}

Answer resume_run(const Request& request, const Stage& stage) {
    const std::string run = request.get("resume");
    // It was within its limits when it began, and half a run is worse than a whole one.
    if (request.has("allow"))
        return trouble(Exit::usage, "bad_input", "--allow is for a plan; a run that has begun meets no limit again");
    if (request.has("dry-run"))
        return trouble(Exit::usage, "bad_input",
                       fmt::format("--dry-run is for a plan; `fairway show {}` shows what the run has left", run));
    auto held = ground(request, "resuming run " + run, Store::must_exist, run);
    if (!held) return held.error();
    const Plan& plan = held->run->plan;
    if (auto ours = belongs(plan, held->inventory); !ours) return trouble(ours.error());
    if (Answer other = is_meant(request, held->run->plan_digest); other.exit != Exit::fine) return other;
    if (held->run->end == "complete")
        return trouble(Exit::refused, "refused",
                       fmt::format("run {} is complete; there is nothing to go on with", run));
    const std::vector<Term>& terms = held->run->terms;
    if (!terms.empty() && system_now() >= terms.back().until)
        return trouble(Exit::refused, "refused",
                       fmt::format("run {} ends by itself, and was past its end at {}; `fairway expire` rolls it back",
                                   run, show_time(terms.back().until)));
    const auto manner = manner_of(request, held->inventory, plan);
    if (!manner) return no_manner(manner.error());
    std::optional<Applied> applied;
    Answer out = with_hands(*held, run, plan, held->run->plan_digest, *manner, stage, [&](Hands hands) {
        auto went_on = resume(run, std::move(hands));
        if (went_on) applied = *went_on;
        return went_on;
    });
    if (const auto both = held->journal.load_with_plan(run); stage.structured && both)
        out.json.update(report::shown(both->second));
    return applied ? after_failure(std::move(out), *applied, *held, *manner, stage) : out;
}

// An empty plan makes no run.
Answer nothing_to_apply(const PlanFile& file, const Stage& stage) {
    return {.exit = Exit::fine,
            .text = "Nothing to change: the plan is empty, so no run was made.\n",
            .json = stage.json([&] {
                Json out = applied_json({}, *file, file.digest());
                out.update(report::shown(file));
                return out;
            }),
            .trouble = {}};
}

// The plan is for another estate, is no plan to apply, is beyond a limit, or changes nothing.
std::optional<Answer> refusal(const PlanFile& file, const Inventory& inventory, const std::vector<Allowance>& given,
                              const Stage& stage) {
    const Plan& plan = *file;
    if (auto ours = belongs(plan, inventory); !ours) return trouble(ours.error());
    if (plan.purpose != Purpose::apply)
        return trouble(
            Exit::refused, "refused",
            fmt::format("this is the plan of a rollback; use `fairway rollback {}`", argument_word(plan.source)));
    if (auto within = within_limits(plan, inventory, given); !within) return trouble(within.error());
    if (plan.size() == 0) return nothing_to_apply(file, stage);
    return std::nullopt;
}

struct NoWriter final : Writer {
    void write_all(std::span<const Write> writes, const MayBegin&, const WriteAnswered& answered) override {
        for (std::size_t i = 0; i < writes.size(); ++i)
            answered(i, Result<void>(fail(Code::refused, "a dry run writes nothing")));
    }
};

// --dry-run: all that is asked before the first write, and no lock, journal or writer.
Answer only_checked(const PlanFile& file, const Inventory& inventory, const Request& request, const Stage& stage) {
    auto manner = manner_of(request, inventory, *file);
    if (!manner) return no_manner(manner.error());
    const auto pace = pace_in(request, inventory.estate);
    if (!pace) return trouble(pace.error());
    auto no_journal = Journal::open_to_append(":memory:");
    if (!no_journal) return trouble(no_journal.error());
    const Connections connections(inventory, request.recording);
    const auto reader = connections.reader();
    if (!reader) return trouble(reader.error());
    const auto rights = connections.rights();
    if (!rights) return trouble(rights.error());
    NoWriter no_writer;
    const auto left_out = may_begin(file, {.reader = **reader,
                                           .writer = no_writer,
                                           .journal = *no_journal,
                                           .rights = rights->get(),
                                           .stop = interrupted,
                                           .window = manner->window,
                                           .pace = *pace,
                                           .in_flight = manner->in_flight,
                                           .tolerance = std::move(manner->tolerance)});
    if (!left_out) {
        Answer out = trouble(left_out.error());
        out.trouble += "Nothing was written, and `fairway apply` would refuse the plan as well.\n";
        return out;
    }
    return {.exit = Exit::changes,
            .text = stage.text([&] {
                return report::text(file, stage.style, {.full = request.has("full")}) + report::text(*left_out) +
                       (left_out->empty() ? "Each value is as the plan saw it, and the caller may write. "
                                          : "All else is as the plan saw it, and the caller may write. ") +
                       "Nothing was changed.\n";
            }),
            .json = stage.json([&] {
                Json out = report::shown(file);
                out.update(report::provenance(*file));
                out["left_out"] = report::json(*left_out);
                return out;
            }),
            .trouble = {}};
}

// A plan that was applied before is stale because of that: this comes first, before what is not as the plan saw it.
Answer told_who_applied(Answer answer, const PlanFile& plan, Journal& journal) {
    const auto run = run_of(plan, journal);
    if (!run || !*run) return answer;
    const RunLine& line = **run;
    const bool whole = line.end == "complete";
    const std::string words =
        fmt::format("this plan was applied as run {} ({}, {} of {} changes done, by {}@{}, {}){}", line.id,
                    report::end_words(line.end, line.reason), line.done, line.changes, text::printable(line.who),
                    text::printable(line.host), show_time(line.started),
                    whole ? "" : fmt::format("; to continue it: fairway apply --resume {}", line.id));
    const std::string was = answer.json["error"]["text"].get<std::string>();
    Answer out = trouble(Exit::stale, "stale", words + "\nSince the plan was made:\n" + was);
    out.trouble += "Nothing was written. For what is left to do, make a fresh plan.\n";
    out.json["run"] = line.id;
    return out;
}

}  // namespace

Answer apply(const Request& request, const Stage& stage) {
    if (request.has("resume")) return resume_run(request, stage);
    const auto given = allowances(request);
    if (!given) return trouble(Exit::usage, "bad_input", given.error().text);
    const auto file = read_plan(request.arguments[0]);
    if (!file) return trouble(file.error());
    const Plan& plan = **file;
    if (Answer other = is_meant(request, file->digest()); other.exit != Exit::fine) return other;
    if (request.has("dry-run")) {
        const auto inventory = load_inventory(request);
        if (!inventory) return inventory.error();
        if (const auto refused = refusal(*file, *inventory, *given, stage)) return *refused;
        return only_checked(*file, *inventory, request, stage);
    }
    auto held = ground(request, fmt::format("applying plan {}", file->id()), Store::may_be_new);
    if (!held) return held.error();
    if (const auto refused = refusal(*file, held->inventory, *given, stage)) return *refused;
    auto manner = manner_of(request, held->inventory, plan);
    if (!manner) return no_manner(manner.error());
    stage.say(report::found_text(plan, stage.style));
    const auto unknown = warn_not_probed(plan, *held, stage);
    if (!unknown) return unknown.error();
    manner->allowed = needed(plan, held->inventory, *given);
    stage.say(report::allowed_text(manner->allowed));
    Carried carried = carry_out(*held, *file, {}, stage, *manner);
    if (stage.structured) carried.answer.json.update(report::shown(*file));
    if (!manner->allowed.empty()) carried.answer.json["allowed"] = to_json(manner->allowed);
    if (!unknown->empty()) carried.answer.json["warnings"] = *unknown;
    const bool stale = carried.applied && !*carried.applied && carried.applied->error().code == Code::stale;
    if (!stale && carried.applied && *carried.applied)
        return after_failure(std::move(carried.answer), **carried.applied, *held, *manner, stage);
    if (!stale) return std::move(carried.answer);
    Answer out = told_who_applied(std::move(carried.answer), *file, held->journal);
    out.trouble +=
        fmt::format("To review only what differs from this one: {}\n", again_command(request.arguments[0], request));
    return out;
}

}  // namespace fairway::cli
