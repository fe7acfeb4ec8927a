// The commands that write: apply, verify (its trial moves) and rollback. Each holds the locks of the store
// and of the estate from before its first reading to its end.
#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "engine/base/clock.hpp"
#include "engine/base/file.hpp"
#include "engine/cli/await.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/documents.hpp"
#include "engine/cli/ground.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/trials.hpp"
#include "engine/journal/journal.hpp"
#include "engine/paths/simulate.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/audit.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/run.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/verify.hpp"

namespace fairway::cli {
namespace {

std::string step_line(const Event& event, const report::Style& style) {
    const bool done = event.outcome == Outcome::done;
    const Address& address = event.change->address;
    return fmt::format("  {} {:>3}/{}  {}  {} {} {}: {}\n",
                       style(done ? report::Paint::good : report::Paint::bad, done ? "✓" : "✗"), event.number + 1,
                       event.of, report::pad(std::string(name(event.phase)), 19), name(address.kind()), address.object,
                       address.setting->name,
                       done ? report::transition(*event.change) : std::string(name(event.outcome)));
}

Hands hands(Ground& ground, Writer& writer, RightsReader& rights, const Plan& plan, const Stage& stage) {
    return {.reader = *ground.reader,
            .writer = writer,
            .journal = ground.journal,
            .rights = &rights,
            .clock = system_now,
            .on_event =
                [&stage, &plan](const Event& event) {
                    // A rollback was shown whole.
                    if (event.kind == Event::Kind::started && plan.purpose == Purpose::apply)
                        stage.say(report::heading(plan));
                    if (event.kind == Event::Kind::started)
                        stage.say(fmt::format("Baseline recorded: run {0}.  Undo at any time: fairway rollback {0}\n",
                                              event.run));
                    if (event.kind != Event::Kind::recorded) return;
                    stage.say(step_line(event, stage.style));
                    stage.bar("Applying", event.number + 1, event.of);
                },
            .stop = interrupted};
}

Exit exit_of(const Applied& applied) {
    switch (applied.ending) {
        case Ending::complete: return Exit::fine;
        case Ending::in_doubt: return Exit::in_doubt;
        case Ending::stopped:
        case Ending::failed: break;
    }
    return Exit::partly_applied;
}

Answer answer(const Result<Applied>& applied, const Plan& plan, const Stage& stage) {
    if (!applied) {
        Answer out = trouble(applied.error());
        if (applied.error().code == Code::stale)
            out.trouble += "Nothing was written. Make a fresh plan: the rest of this one can go on only with it.\n";
        if (applied.error().code == Code::denied)
            out.trouble += "Nothing was written. `fairway plan` says what the caller may write.\n";
        return out;
    }
    return {.exit = exit_of(*applied),
            .text = report::text(*applied, plan.size(), stage.style),
            .json = {{"plan_id", report::plan_id(plan)},
                     {"risk", name(highest_risk(plan))},
                     {"applied", report::json(*applied)}},
            .trouble = {}};
}

// "HV13 came; HV02 and 3 more went", or nothing.
std::string other_hosts(const std::vector<std::string>& then, const std::vector<std::string>& now) {
    constexpr std::size_t most_named = 5;
    const auto told = [&](const std::vector<std::string>& of, const std::vector<std::string>& less,
                          std::string_view what) {
        std::vector<std::string> names;
        for (const std::string& name : of)
            if (std::find(less.begin(), less.end(), name) == less.end()) names.push_back(name);
        return names.empty() ? std::string() : text::some(names, most_named, text::printable) + std::string(what);
    };
    const std::string came = told(now, then, " came"), went = told(then, now, " went");
    return came + (came.empty() || went.empty() ? "" : "; ") + went;
}

Result<void> belongs(const Plan& plan, const Inventory& inventory) {
    if (plan.estate != inventory.estate)
        return fail(Code::refused, fmt::format("this plan is for the estate {}, the inventory {} is of {}",
                                               text::printable(plan.estate), inventory.file, inventory.estate));
    if (const std::string other = other_hosts(plan.found, inventory.found()); !other.empty())
        return fail(Code::refused,
                    fmt::format("the inventory {} finds other hosts than when the plan was made: {}; make a fresh plan",
                                inventory.file, other));
    if (plan.inventory_digest != inventory.digest)
        return fail(
            Code::refused,
            fmt::format("the inventory {} was changed since the plan was made; make a fresh plan", inventory.file));
    return {};
}

Result<Plan> read_plan(const std::string& file) {
    const auto text = read_file(file, std::size_t{1} << 30);
    if (!text) return tl::unexpected(text.error());
    auto plan = parse_plan(*text);
    if (!plan) return fail(plan.error().code, file + ": " + plan.error().text);
    return plan;
}

// Whether it is the plan that the caller means, in digits of its digest.
Answer is_meant(const Request& request, const Plan& plan) {
    constexpr std::size_t fewest = 12, most = 64;
    if (!request.has("plan-id")) return {};
    const std::string id = text::fold(request.get("plan-id"));
    const auto is_digit = [](char c) { return text::hex_digit(c) >= 0; };
    if (id.size() < fewest || id.size() > most || !std::all_of(id.begin(), id.end(), is_digit))
        return trouble(
            Exit::usage, "bad_input",
            fmt::format("--plan-id takes {} to {} hexadecimal digits, as `fairway show` prints them", fewest, most));
    const std::string digest = digest_of(plan);
    if (digest.starts_with(id)) return {};
    return trouble(Exit::refused, "refused",
                   fmt::format("this is plan {}, not {} (--plan-id); nothing was written", report::plan_id(plan), id));
}

// Holds the plan to the limits that stand in it: a file may come from anywhere.
Answer within_limits(const Plan& plan, const Inventory& inventory) {
    if (plan.purpose == Purpose::rollback) return {};
    const auto broken = breaches(plan, plan.limits.value_or(Limits{}), inventory);
    if (broken.empty()) return {};
    return trouble(Exit::refused, "refused",
                   "the plan goes beyond a limit: " + text::join(broken, "; ") + "; nothing was written");
}

bool changes_directory(const Plan& plan) {
    const auto changes = numbered(plan);
    return std::any_of(changes.begin(), changes.end(),
                       [](const Change* change) { return change->address.kind() == Kind::computer; });
}

// Everything between the locks and the first write; `write` then applies or resumes. `ours`: the run that is
// resumed, which settles itself.
Answer with_hands(Ground& ground, const std::string& ours, const Plan& plan, const Stage& stage,
                  const std::function<Result<Applied>(Hands)>& write) {
    const auto settled = settle_unfinished(ground, ours);
    if (!settled) return trouble(settled.error());
    stage.say(*settled);
    const auto writer = ground.connections.writer();
    if (!writer) return trouble(writer.error());
    const auto rights = ground.connections.rights();
    if (!rights) return trouble(rights.error());
    const auto applied = write(hands(ground, **writer, **rights, plan, stage));
    Answer out = answer(applied, plan, stage);
    if (out.exit == Exit::fine && changes_directory(plan) && !(*writer)->replicas().empty())
        out.text += fmt::format("Other domain controllers hear of it later: fairway verify {} looks until they have.\n",
                                applied->run);
    return out;
}

Answer carry_out(Ground& ground, const Plan& plan, RunHeading heading, const Stage& stage) {
    return with_hands(ground, {}, plan, stage, [&](Hands hands) {
        heading.replicas = hands.writer.replicas();
        return fairway::apply(plan, heading, std::move(hands));
    });
}

Answer resume_run(const Request& request, const Stage& stage) {
    const std::string run = request.get("resume");
    auto held = ground(request, "resuming run " + run, Store::must_exist, run);
    if (!held) return held.error();
    const Plan& plan = held->run->plan;
    if (auto ours = belongs(plan, held->inventory); !ours) return trouble(ours.error());
    if (Answer other = is_meant(request, plan); other.exit != Exit::fine) return other;
    if (held->run->end == "complete")
        return trouble(Exit::refused, "refused",
                       fmt::format("run {} is complete; there is nothing to go on with", run));
    if (Answer beyond = within_limits(plan, held->inventory); beyond.exit != Exit::fine) return beyond;
    return with_hands(*held, run, plan, stage, [&](Hands hands) { return resume(run, std::move(hands)); });
}

Progress unless_interrupted(const Stage& stage) {
    return [&stage](std::size_t done, std::size_t of) {
        stage.bar("Reading", done, of);
        return !interrupted();
    };
}

// Leaves only the wanted hosts and settings in a rollback's wants.
Result<void> narrow(Desired& desired, const Request& request, const Inventory& inventory) {
    std::vector<std::string> hosts = request.all("host");
    const std::vector<std::string> settings = request.all("setting");
    for (std::string& host : hosts) {
        const Host* known = inventory.find(host);
        if (!known) return fail(Code::bad_input, fmt::format("{} has no host {}", inventory.file, host));
        host = known->name;
    }
    for (const std::string& setting : settings)
        if (!find_setting(setting)) return fail(Code::bad_input, fmt::format("there is no setting `{}`", setting));
    const auto among = [](const std::vector<std::string>& names, std::string_view name) {
        return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    };
    std::erase_if(desired, [&](const auto& entry) {
        return !among(hosts, entry.first.object) || !among(settings, entry.first.setting->name);
    });
    return {};
}

// What others put beside the run's values stays; said even where there is nothing to change.
std::string kept_by_others(const std::vector<Finding>& findings, const report::Style& style) {
    std::string out;
    for (const Finding& finding : findings)
        for (const std::string_view element : finding.foreign)
            out += style(report::Paint::warn,
                         fmt::format("! keeps {} in {} of {}: it is not the run's", text::printable(element),
                                     finding.address.setting->name, finding.address.object)) +
                   "\n";
    return out;
}

bool has_conflicts(const Plan& plan) {
    return std::any_of(plan.notes.begin(), plan.notes.end(), [](const Finding& note) {
        return note.verdict == Verdict::conflict || note.verdict == Verdict::absent ||
               note.verdict == Verdict::unknown;
    });
}

}  // namespace

Answer apply(const Request& request, const Stage& stage) {
    if (request.has("resume") == !request.arguments.empty())
        return trouble(Exit::usage, "bad_input", "usage: fairway apply PLAN, or fairway apply --resume RUN");
    if (request.has("resume")) return resume_run(request, stage);
    const auto plan = read_plan(request.arguments[0]);
    if (!plan) return trouble(plan.error());
    if (Answer other = is_meant(request, *plan); other.exit != Exit::fine) return other;
    auto held = ground(request, "applying plan " + report::plan_id(*plan), Store::may_be_new);
    if (!held) return held.error();
    if (auto ours = belongs(*plan, held->inventory); !ours) return trouble(ours.error());
    if (plan->purpose != Purpose::apply)
        return trouble(Exit::refused, "refused", "this is the plan of a rollback; use `fairway rollback RUN`");
    if (Answer beyond = within_limits(*plan, held->inventory); beyond.exit != Exit::fine) return beyond;
    stage.say(report::found_text(*plan, stage.style));
    return carry_out(*held, *plan, {.who = account(), .host = machine(), .rolls_back = {}}, stage);
}

Answer rollback(const Request& request, const Stage& stage) {
    const std::string& id = request.arguments[0];
    const bool dry = request.has("dry-run");
    auto held = ground(request, "rolling back run " + id, dry ? Store::only_read : Store::must_exist, id);
    if (!held) return held.error();
    Result<Run> run = std::move(*held->run);
    if (run->plan.estate != held->inventory.estate)
        return trouble(Exit::refused, "refused", fmt::format("run {} was of the estate {}", id, run->plan.estate));
    if (!dry) {
        run = settle_run(id, *held->reader, held->journal, system_now);
        if (!run) return trouble(run.error());
    }
    Desired wants = baseline(*run);
    if (auto narrowed = narrow(wants, request, held->inventory); !narrowed)
        return trouble(Exit::usage, "bad_input", narrowed.error().text);
    Snapshot snapshot = observe(*held->reader, scope(wants, held->inventory), unless_interrupted(stage));
    held->inventory = confirm_hosts(std::move(held->inventory), snapshot, *held->reader);
    const std::vector<Finding> findings = judge(wants, snapshot);
    for (const Finding& finding : findings)
        if (finding.verdict == Verdict::unreadable) {
            Answer out = trouble(why_unread(finding, snapshot));
            out.trouble +=
                "Not everything could be read, so nothing was rolled back; --host and --setting narrow it.\n";
            return out;
        }
    Plan plan = fairway::plan({.purpose = Purpose::rollback,
                               .source = id,
                               .source_digest = {},
                               .ticket = request.has("ticket") ? request.get("ticket") : run->plan.ticket},
                              findings, snapshot, held->inventory);
    grade_with(plan, held->inventory, snapshot, [&] { return held->connections.names(); });
    stage.say(report::text(plan, stage.style) + kept_by_others(findings, stage.style));
    Answer out;
    if (dry) {
        out.exit = plan.size() > 0 ? Exit::changes : Exit::fine;
        out.text = "Nothing was changed.\n";
    } else if (plan.size() == 0) {
        // Nothing to put back; a rollback that was killed at its very end still gets its end.
        const auto settled = settle_unfinished(*held, {});
        if (!settled) return trouble(settled.error());
        out.text = *settled;
    } else {
        out = carry_out(*held, plan, {.who = account(), .host = machine(), .rolls_back = id}, stage);
    }
    if (stage.json) out.json["plan"] = *parse_json(print_plan(plan), {std::size_t{1} << 30});
    if (out.exit == Exit::fine && has_conflicts(plan)) {
        out.exit = Exit::partly_applied;
        out.text += "Some values stay as somebody else left them; see the lines that begin with `!`.\n";
    }
    return out;
}

Answer verify(const Request& request, const Stage& stage) {
    const std::string& id = request.arguments[0];
    if (const auto limit = converge_limit(request); !limit)
        return trouble(Exit::usage, "bad_input", limit.error().text);
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
    const Desired wants = results(*run);
    Snapshot snapshot = observe(*held->reader, scope(wants, held->inventory), unless_interrupted(stage));
    held->inventory = confirm_hosts(std::move(held->inventory), snapshot, *held->reader);
    const std::vector<Finding> findings = judge(wants, snapshot);
    const std::vector<Mesh> ends = meshes(held->inventory, snapshot);
    const PathCount paths = count(matrices(ends));
    bool good =
        std::all_of(findings.begin(), findings.end(), [](const Finding& f) { return f.verdict == Verdict::compliant; });
    stage.say(fmt::format("{} of run {}: {}\n", report::count(findings.size(), "value"), id,
                          good ? "all as it left them" : "not all as it left them"));
    stage.say(report::findings_text(findings, {}, stage.style));
    stage.say(fmt::format("Paths  {} of {} open\n", paths.open, paths.open + paths.closed + paths.unknown));
    Answer out;
    out.json = {{"run", id}, {"findings", Json::array()}, {"paths", report::to_json(paths)}, {"trials", Json::array()}};
    for (const Finding& finding : findings) out.json["findings"].push_back(report::to_json(finding));
    const auto awaited = await_replicas(request, held->connections, *run, wants, good, stage);
    if (!awaited)
        return trouble({awaited.error().code, awaited.error().text + "; --converge none verifies without asking that"});
    const bool wait = good && !awaited->converged;  // time may mend it
    if (!awaited->json.empty()) out.json["replication"] = awaited->json;
    if (!awaited->converged) good = false;
    if (policy && policy->moves && !request.has("no-moves") && !interrupted()) {
        const auto tried = try_all(request, {held->inventory, *policy->moves, held->connections, *held->reader, ends},
                                   *awaited, out.json["trials"], stage);
        if (!tried) return trouble(tried.error());
        good = good && *tried;
    }
    if (interrupted()) {
        good = false;
        stage.say("Interrupted: not everything was tried; a trial VM is where its last move took it.\n");
    }
    out.exit = good ? Exit::fine : Exit::not_verified;
    const std::string way = wait ? "Again later: fairway verify" : "Go back: fairway rollback";
    out.text = good ? stage.style(report::Paint::good, "Verified.") + "\n"
                    : stage.style(report::Paint::bad, "Not verified.") + fmt::format(" {} {}\n", way, id);
    return out;
}

}  // namespace fairway::cli
