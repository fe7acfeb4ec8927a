// See markdown_plan.hpp.
#include "engine/forms/markdown_plan.hpp"

#include <fmt/format.h>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
namespace {

std::string pairs_of(const Json& map, std::string_view but = {}) {
    std::vector<std::string> out;
    for (const auto& [key, value] : map.items())
        if (key != but) out.push_back(fmt::format("{} {}", key, value_words(value)));
    return text::join(out, ", ");
}

std::string allowed_words(const Json& plan) {
    std::vector<std::string> out;
    for (const Json& one : part_of(plan, "allowed"))
        out.push_back(fmt::format("{}={} by {}", text_of(one, "limit"), text_of(one, "value"), text_of(one, "by")));
    return text::join(out, "; ");
}

void tell_paths(Ticket& to, const Json& plan) {
    Ticket::Rows rows = {{"now", digits_of(part_of(plan, "paths"), "open"), digits_of(part_of(plan, "paths"), "closed"),
                          digits_of(part_of(plan, "paths"), "unknown"), "", ""}};
    for (const Json& phase : part_of(plan, "phases")) {
        const Json& paths = part_of(phase, "paths");
        rows.push_back({"after " + phase_words(phase), digits_of(paths, "open"), digits_of(paths, "closed"),
                        digits_of(paths, "unknown"), digits_of(phase, "closes"), then_words(phase)});
    }
    to.table("Paths", {"when", "open", "closed", "unknown", "closed by its steps, at most", "before it goes on"}, rows);
}

// What the plan leaves as it is, and why: conflicts, exceptions, what is not known. Equal reasons are one row.
void tell_notes(Ticket& to, const Json& plan) {
    Ticket::Rows rows;
    for (const Group& group : by_key(part_of(plan, "notes"), [](const Json& note) {
             return std::tuple(text_of(note, "verdict"), text_of(note, "setting"), text_of(note, "because"));
         }))
        rows.push_back({text_of(*group.front(), "verdict"), text_of(*group.front(), "setting"),
                        counted_names(names_in(group, "object")), text_of(*group.front(), "because")});
    to.table("Conflicts, exceptions and what is not known", {"what", "setting", "hosts", "why"}, rows);
}

void tell_rights(Ticket& to, const Json& result) {
    Ticket::Rows rows;
    for (const Json& right : part_of(result, "rights")) {
        const std::string may = text_of(right, "may");
        if (may != "no" && may != "unknown") continue;
        rows.push_back({may, text_of(right, "setting"), counted_names(texts_of(part_of(right, "objects"))),
                        text_of(right, "because")});
    }
    to.table("Changes that the account may not make, or perhaps not", {"may it", "setting", "accounts", "why"}, rows);
}

// Of what it was made, and under which rules.
void tell_ground(Ticket& to, const Json& result, const Json& plan) {
    const bool back = text_of(plan, "purpose") == "rollback";
    tell_facts(to, result, "Plan",
               {{"digest", text_of(plan, "digest")},
                {"ticket", text_of(plan, "ticket")},
                {"estate", text_of(plan, "estate")},
                {back ? "puts back run" : "policy", text_of(plan, "source")},
                {"policy sha256", text_of(plan, "source_sha256")},
                {"inventory sha256", text_of(plan, "inventory_sha256")},
                {"limits", pairs_of(part_of(plan, "limits"))},
                {"allowed once", allowed_words(plan)},
                {"rollout", pairs_of(part_of(plan, "rollout"), "trials")},
                {"on failure", text_of(part_of(plan, "run_rules"), "on_failure")}});
}

}  // namespace

void tell_not_covered(Ticket& to, const Json& of) {
    Ticket::Rows rows;
    for (const Json& one : part_of(of, "not_covered"))
        rows.push_back({counted_names(texts_of(part_of(one, "hosts"))), text_of(one, "because")});
    to.table("Hosts that this does not cover", {"hosts", "why"}, std::move(rows));
}

void tell_facts(Ticket& to, const Json& result, std::string_view title, Ticket::Rows rows) {
    std::erase_if(rows, [](const Ticket::Row& row) { return row.back().empty(); });
    rows.push_back({"this text is by", fmt::format("{}, {}", text_of(result, "who"), text_of(result, "time"))});
    rows.push_back({"Fairway", text_of(result, "version")});
    to.table(title, {"what", "value"}, std::move(rows));
}

void tell_plan(Ticket& to, const Json& result, const Json& plan) {
    const std::string ticket = text_of(plan, "ticket");
    to.say(fmt::format("Plan {} of estate {}{}.", plain(id_of(plan)), plain(text_of(plan, "estate")),
                       ticket.empty() ? std::string() : ", for " + plain(ticket)));
    to.say(plan_sentence(plan));
    if (const std::string window = window_words(plan); !window.empty())
        to.say("Nothing begins outside the window " + plain(window) + ".");
    if (const std::string time = estimate_words(result); !time.empty())
        to.say("Time, without gates and replication: " + time + ".");
}

void tell_changes(Ticket& to, const Json& result, const Json& plan) {
    Ticket::Rows warnings, changes, estate;
    for (const Json& warning : part_of(result, "warnings")) warnings.push_back({value_words(warning)});
    to.table("Warnings", {"warning"}, std::move(warnings));
    for (const Changes& one : alike(plan))
        changes.push_back({one.phase, one.setting, one.transition, counted_names(one.objects), one.risk, one.rules});
    to.table("Changes", {"phase", "setting", "change", "hosts", "risk", "rules"}, std::move(changes));
    tell_paths(to, plan);
    tell_notes(to, plan);
    tell_rights(to, result);
    for (const Json& one : part_of(plan, "estate_findings"))
        estate.push_back({text_of(one, "severity"), text_of(one, "object"), text_of(one, "because")});
    to.table("About the estate, which no change of this plan fixes", {"severity", "object", "finding"},
             std::move(estate));
    tell_not_covered(to, plan);
    tell_ground(to, result, plan);
}

}  // namespace fairway::forms
