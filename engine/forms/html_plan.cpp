// See html_plan.hpp.
#include "engine/forms/html_plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/html_changes.hpp"
#include "engine/forms/html_delegation.hpp"
#include "engine/forms/html_estate.hpp"
#include "engine/forms/html_paths.hpp"
#include "engine/forms/markup.hpp"
#include "engine/forms/plan_tables.hpp"
#include "engine/forms/plan_words.hpp"
#include "engine/forms/run_tables.hpp"

namespace fairway::forms {
namespace {

constexpr std::array risks = {"forbidden", "critical", "high", "medium", "low"};

std::size_t objects_in(const Json& group) { return part_of(group, "objects").size(); }

Tile changes_tile(const Json& result) {
    std::map<std::string, std::size_t> settings;
    std::set<std::string> hosts;
    std::size_t all = 0;
    for (const Json& group : part_of(result, "equal_changes")) {
        settings[text_of(group, "setting")] += objects_in(group);
        all += objects_in(group);
        for (const std::string& host : texts_of(part_of(group, "objects"))) hosts.insert(host);
    }
    Tile out{"Changes", std::to_string(all), "on " + counted(static_cast<std::int64_t>(hosts.size()), "host"), {}};
    for (const auto& [setting, n] : settings)
        out.rows.push_back(
            {code_tag(setting), std::to_string(n), static_cast<double>(n) / static_cast<double>(all == 0 ? 1 : all)});
    return out;
}

Tile risk_tile(const Json& result) {
    std::map<std::string, std::size_t> counts;
    for (const Json& group : part_of(result, "equal_changes")) counts[text_of(group, "risk")] += objects_in(group);
    Tile out{"Highest risk", "none", "", {}};
    for (auto it = risks.rbegin(); it != risks.rend(); ++it)
        if (counts[*it] > 0) out.big = badge("risk", *it);
    for (const char* risk : risks)
        if (counts[risk] > 0) out.rows.push_back({badge("risk", risk), std::to_string(counts[risk])});
    return out;
}

// What stands against it, or stays as it is.
Tile notes_tile(const Json& result, const Json& plan) {
    std::map<std::string, std::size_t> verdicts;
    for (const Json& note : part_of(plan, "notes")) ++verdicts[text_of(note, "verdict")];
    std::size_t may = 0, asked = 0;
    for (const Json& right : part_of(result, "rights")) {
        const std::string word = text_of(right, "may");
        const std::size_t n = part_of(right, "objects").size();
        asked += n;
        if (word == "yes" || word == "by_default") may += n;
    }
    const Json* conflicts = find(result, "conflicts");  // a plan file alone has its notes
    Tile out{"Conflicts", std::to_string(conflicts ? conflicts->size() : verdicts["conflict"]), "", {}};
    out.rows.push_back({"exceptions", std::to_string(verdicts["excepted"])});
    if (const std::size_t allowed = part_of(plan, "allowed").size(); allowed > 0)
        out.rows.push_back({R"(<a href="#notes">allowed beyond a limit</a>)", std::to_string(allowed)});
    out.rows.push_back({"not known", std::to_string(verdicts["unknown"])});
    if (find(result, "rights")) out.rows.push_back({"account may write", fmt::format("{} of {}", may, asked)});
    if (!part_of(result, "warnings").empty())
        out.rows.push_back({"warnings", std::to_string(part_of(result, "warnings").size())});
    return out;
}

Tile way_back_tile(const Json& result, bool back) {
    std::map<std::string, std::size_t> undo;
    std::size_t all = 0;
    for (const Json& group : part_of(result, "equal_changes")) {
        undo[text_of(group, "undo")] += objects_in(group);
        all += objects_in(group);
    }
    Tile out{"Way back", fmt::format("{} of {}", all, all), "can be undone", {}};
    for (const auto& [how, n] : undo)
        out.rows.push_back({how == "exact" ? "as one value" : "value by value", std::to_string(n)});
    out.below = command_box(back ? "fairway show RUN" : "fairway rollback RUN", "the command to undo");
    return out;
}

void show_notes(Page& to, const Json& result, const Json& plan) {
    Part part;
    Tables::Rows warnings;
    for (const Json& warning : part_of(result, "warnings")) warnings.push_back({value_words(warning)});
    part.table("Warnings", {"warning"}, std::move(warnings));
    tell_limits(part, plan);
    if (text_of(plan, "purpose") == "apply") tell_conflicts(part, result);  // those of a rollback are notes of its plan
    tell_notes(part, plan);
    tell_rights(part, result);
    tell_kept(part, result);
    tell_unfixed(part, plan);
    tell_not_covered(part, plan);
    to.section("notes", "Limits, approvals, conflicts and exceptions", "What it may do, and what stays as it is",
               std::to_string(part_of(plan, "notes").size()), part);
}

// What apply will do, in its order.
void show_steps(Page& to, const Json& result, const Json& plan) {
    Part part;
    part
        << R"(<ol class="tl"><li class="st"><span class="dot" aria-hidden="true"></span><div><strong>Baseline</strong>)"
        << "<p>Every value is recorded before its write.</p></div></li>";
    for (const Json& phase : part_of(plan, "phases")) {
        const std::string then = then_words(phase);
        part << fmt::format(
            R"(<li class="st"><span class="dot" aria-hidden="true"></span><div><strong>{}</strong><p>{}; {} open after{})"
            "</p></div></li>",
            escaped(phase_words(phase)), counted(static_cast<std::int64_t>(part_of(phase, "changes").size()), "change"),
            counted(number_of(part_of(phase, "paths"), "open"), "path"),
            then.empty() ? "" : ". Then: " + escaped(then));
    }
    part << R"(<li class="st"><span class="dot" aria-hidden="true"></span><div><strong>Verify</strong>)"
         << "<p>Values, replication, then trial moves.</p></div></li></ol>"
         << R"(<div class="two">)" << command_box("fairway apply PLAN", "the command to apply")
         << command_box("fairway rollback RUN", "the command to roll back") << "</div>";
    const std::string time = estimate_words(result);
    to.section("run", "Run", time.empty() ? "Not started." : "Not started. Time without gates and replication: " + time,
               "", part);
}

void show_ground(Page& to, const Json& result, const Json& plan) {
    Part facts;
    tell_ground(facts, result, plan);
    to.footer(std::move(facts));
}

void say_plan(Page& to, const Json& result, const Json& plan) {
    to.fact("Estate", name_tag(text_of(plan, "estate")));
    to.fact(text_of(plan, "purpose") == "rollback" ? "Puts back run" : "Policy", name_tag(text_of(plan, "source")));
    to.fact("Plan", code_tag(id_of(plan)));
    to.say(with_code(plan_sentence(plan)));
    if (const std::string window = window_words(plan); !window.empty())
        to.say(escaped("Nothing begins outside the window " + window + "."));
    for (const Json& one : part_of(plan, "allowed"))
        to.say(escaped(fmt::format("It goes beyond a limit of the policy, {}: {} allowed {} once.",
                                   text_of(one, "limit"), text_of(one, "by"), text_of(one, "value"))));
    const PathPictures paths(result);
    paths.tile(to);
    to.tile(changes_tile(result));
    to.tile(risk_tile(result));
    to.tile(notes_tile(result, plan));
    to.tile(way_back_tile(result, text_of(plan, "purpose") == "rollback"));
}

std::string title_of(const Json& plan) {
    const std::string ticket = text_of(plan, "ticket");
    return ticket.empty() ? text_of(plan, "estate") : ticket;
}

}  // namespace

std::string page_of_plan(const Json& result) {
    const Json& plan = part_of(result, "plan");
    Page out("Change plan", title_of(plan));
    out.state("Not applied");
    say_plan(out, result, plan);
    if (find(result, "equal_findings")) show_findings(out, result);
    const PathPictures paths(result);
    paths.show(out, result);
    show_changes(out, result);
    if (find(result, "hosts")) show_hosts(out, result);
    show_delegation(out, result);
    show_notes(out, result, plan);
    show_steps(out, result, plan);
    show_ground(out, result, plan);
    return out.print(paths.data());
}

std::string page_of_rollback(const Json& result) {
    const Json &plan = part_of(result, "plan"), &applied = part_of(result, "applied");
    Page out("Rollback", title_of(plan));
    out.state(applied.empty() ? "Nothing was changed" : "Applied");
    if (!applied.empty())
        out.say(escaped(applied_sentence(applied, [](std::string_view text) { return std::string(text); })));
    say_plan(out, result, plan);
    const PathPictures paths(result);
    paths.show(out, result);
    show_changes(out, result);
    show_delegation(out, result);
    show_notes(out, result, plan);
    Part run;
    tell_left_out(run, part_of(result, "left_out"));
    tell_hosts(run, applied);
    tell_remarks(run, applied);
    out.section("run", "Run", "What was done, and what was left out", "", run);
    show_ground(out, result, plan);
    return out.print(paths.data());
}

}  // namespace fairway::forms
