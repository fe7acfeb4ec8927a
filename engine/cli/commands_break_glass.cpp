// `break-glass`: hosts are switched to CredSSP in an emergency, in an ordinary run that ends by itself. Its end is in
// the journal before the first write; `expire` rolls it back when that has come.
#include <fmt/format.h>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/duration.hpp"
#include "engine/base/json.hpp"
#include "engine/cli/allow.hpp"
#include "engine/cli/carry_out.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/conclusion.hpp"
#include "engine/cli/confirm.hpp"
#include "engine/cli/contacts.hpp"
#include "engine/cli/lasting.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/policy/policy_document.hpp"
#include "engine/report/exposure.hpp"
#include "engine/report/findings.hpp"
#include "engine/report/plan.hpp"
#include "engine/report/term.hpp"
#include "engine/run/grading.hpp"
#include "engine/run/survey.hpp"
#include "engine/run/term.hpp"

namespace fairway::cli {

extern const char* const emergency_policy;  // policies/credssp-emergency.yaml

namespace {

Loaded<Policy> policy_for(const Request& request) {
    if (request.has("emergency")) {
        Request of = request;
        of.options["policy"] = request.all("emergency");
        return load_policy(of);
    }
    Checked<Policy> shipped = fairway::load_policy(emergency_policy, "the shipped credssp-emergency");
    if (!shipped) return tl::unexpected(trouble(shipped.error(), emergency_policy));
    return std::move(*shipped);
}

// What the policy makes of the hosts that are named.
struct GlassPlan {
    Survey seen;
    PlanFile file;
};

Plan plan_of(const Survey& seen, const Policy& policy, const std::string& ticket, const std::vector<Allowance>& allowed,
             const Ground& ground) {
    Limits limits = policy.limits;
    limits.rollbacks = false;  // its rollback begins by itself, so there is nobody who could allow more
    Plan out = plan({.purpose = Purpose::apply,
                     .source = policy.name,
                     .source_digest = policy.digest,
                     .ticket = ticket,
                     .limits = limits},
                    seen.findings, seen.snapshot, seen.inventory);
    grade_with(out, seen.inventory, seen.snapshot, [&] { return ground.connections.names(); });
    out.allowed = needed(out, seen.inventory, allowed);
    return out;
}

Answer not_read(const std::vector<Finding>& unread, Exit exit, const Stage& stage) {
    constexpr std::size_t most_named = 5;
    std::set<std::string> hosts;
    for (const Finding& one : unread) hosts.insert(one.address.object);
    Answer out = trouble(exit, "unreachable",
                         fmt::format("not everything could be read of {}; name the other hosts alone",
                                     text::some(hosts, most_named, text::printable)));
    out.trouble += report::unread_text(unread, stage.style);
    return out;
}

Loaded<GlassPlan> glass_plan(const Request& request, const Stage& stage, const Policy& policy, Ground& held,
                             const std::vector<Allowance>& allowed) {
    Inventory inventory = held.inventory;
    const auto words = host_words(request.all("hosts"));
    if (!words) return tl::unexpected(trouble(Exit::usage, "bad_input", words.error().text));
    if (auto covered = cover(inventory, *words, {}); !covered)
        return tl::unexpected(trouble(Exit::usage, "bad_input", covered.error().text));
    const std::int64_t now = system_now();
    auto desired = bind(policy, inventory, now);
    if (!desired) return tl::unexpected(desired.error());
    auto seen = survey(policy, std::move(inventory), std::move(*desired), now, *held.reader, unless_interrupted(stage));
    if (!seen) return tl::unexpected(complaints(policy, seen.error()));
    std::vector<Finding> unread;
    for (const Finding& one : seen->findings)
        if (one.verdict == Verdict::unreadable) unread.push_back(one);
    if (!unread.empty())
        return tl::unexpected(
            not_read(unread, conclude(seen->findings, seen->snapshot).unread.value_or(Exit::unreachable), stage));
    PlanFile file(plan_of(*seen, policy, request.get("ticket"), allowed, held));
    return GlassPlan{std::move(*seen), std::move(file)};
}

std::vector<std::string> named_hosts(const Inventory& inventory) {
    std::vector<std::string> out;
    for (const Host& host : inventory.hosts)
        if (host.not_covered.empty()) out.push_back(host.name);
    return out;
}

Answer nothing_to_switch(Json json, const std::vector<report::Exposed>& hosts, const std::vector<Termed>& runs,
                         const Stage& stage) {
    return {.exit = Exit::fine,
            .text =
                "Nothing to change: these hosts are as the policy wants them. No run was made, so nothing new ends "
                "by itself.\n" +
                report::text(hosts, stage.style) + report::open_text(runs, stage.style),
            .json = std::move(json),
            .trouble = {}};
}

Json json_of(const PlanFile& file, const std::vector<report::Exposed>& hosts, const std::vector<Termed>& runs) {
    Json out = {{"plan", file.json()}, {"exposed", report::json(hosts)}, {"break_glass", report::json(runs)}};
    out.update(report::provenance(*file));
    return out;
}

// The run's end, as the journal has it; no text where no run was made. `hosts`: all that were named.
void say_end(Answer& answer, const Result<Applied>& applied, const std::vector<report::Exposed>& hosts,
             const Ground& ground) {
    if (!applied) return;
    const auto run = ground.journal.load(applied->run);
    if (!run || run->terms.empty()) return;
    if (const auto runs = termed_runs(ground.journal, system_now())) answer.json["break_glass"] = report::json(*runs);
    answer.text +=
        fmt::format("Ends by itself at {0}, if a timer runs `fairway expire` then.  End it now: fairway rollback {1}\n",
                    show_time(run->terms.back().until), run->id);
    std::vector<std::string> others;
    for (const report::Exposed& one : hosts)
        if (one.how == report::Exposed::How::already || one.how == report::Exposed::How::open)
            others.push_back(text::printable(one.host));
    if (!others.empty())
        answer.text +=
            fmt::format("That is not the end of {}: see \"What CredSSP exposes\".\n", text::join(others, ", "));
}

Answer open_glass(const Request& request, const Stage& stage) {
    for (const std::string_view option : {"hosts", "ticket"})
        if (!request.has(option))
            return trouble(Exit::usage, "bad_input",
                           fmt::format("break-glass needs --{}; `fairway help break-glass`", option));
    const auto wish = lasting_wish(request);
    if (!wish) return trouble(Exit::usage, "bad_input", wish.error().text);
    const auto allowed = allowances(request);
    if (!allowed) return trouble(Exit::usage, "bad_input", allowed.error().text);
    const auto policy = policy_for(request);
    if (!policy) return policy.error();
    const bool dry = request.has("dry-run");
    auto held = ground(request, "break-glass", Store::may_be_new);
    if (!held) return held.error();
    const auto in_flight = in_flight_of(request, held->inventory);
    if (!in_flight) return trouble(Exit::usage, "bad_input", in_flight.error().text);
    const auto ready = glass_plan(request, stage, *policy, *held, *allowed);
    if (!ready) return ready.error();
    const PlanFile& file = ready->file;
    const auto runs = termed_runs(held->journal, system_now());
    if (!runs) return trouble(runs.error());
    const auto hosts = report::exposed(*file, ready->seen.snapshot, named_hosts(ready->seen.inventory), *runs);
    if (file->size() == 0) return nothing_to_switch(json_of(file, hosts, *runs), hosts, *runs, stage);
    stage.say(stage.text([&] {
        return report::text(file, stage.style, {.full = request.has("full")}) + "\n" + report::text(hosts, stage.style);
    }));
    if (const auto within = within_limits(*file, ready->seen.inventory); !within) return trouble(within.error());
    if (auto probed = warn_not_probed(*file, *held, stage); !probed) return probed.error();
    if (dry)
        return {.exit = Exit::changes,
                .text = "Nothing was changed.\n",
                .json = json_of(file, hosts, *runs),
                .trouble = {}};
    const std::string question = fmt::format("Make {} now, and have them rolled back after {}?",
                                             report::count(file->size(), "change"), show_duration(wish->lasts));
    if (auto sure = expressly(request, stage, question); !sure) return trouble(sure.error());
    Carried carried =
        carry_out(*held, file, {}, stage, {.in_flight = *in_flight, .lasts = wish->lasts, .reason = wish->reason});
    Answer out = std::move(carried.answer);
    out.json.update(json_of(file, hosts, *runs));
    if (carried.applied) say_end(out, *carried.applied, hosts, *held);
    return out;
}

}  // namespace

Answer break_glass(const Request& request, const Stage& stage) {
    const bool install = request.has("install-timer");
    if (request.has("extend") && !install) return extend(request, stage);  // the journal has all that it needs
    if (auto has = has_document(request, "inventory"); !has) return trouble(Exit::usage, "bad_input", has.error().text);
    return install ? install_timer(request, stage) : open_glass(request, stage);
}

}  // namespace fairway::cli
