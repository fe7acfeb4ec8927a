// See markdown_plan.hpp.
#include "engine/forms/markdown_plan.hpp"

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/forms/plan_tables.hpp"
#include "engine/forms/plan_words.hpp"

namespace fairway::forms {
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
    Ticket::Rows warnings, changes;
    for (const Json& warning : part_of(result, "warnings")) warnings.push_back({value_words(warning)});
    to.table("Warnings", {"warning"}, std::move(warnings));
    for (const Json& one : part_of(result, "equal_changes"))
        changes.push_back({text_of(one, "phase"), text_of(one, "setting"), text_of(one, "transition"),
                           counted_names(texts_of(part_of(one, "objects"))), text_of(one, "risk"),
                           value_words(part_of(one, "rules"))});
    to.table("Changes", {"phase", "setting", "change", "hosts", "risk", "rules"}, std::move(changes));
    tell_paths(to, plan);
    if (text_of(plan, "purpose") == "apply") tell_conflicts(to, result);  // those of a rollback are notes of its plan
    tell_notes(to, plan);
    tell_rights(to, result);
    tell_unfixed(to, plan);
    tell_not_covered(to, plan);
    tell_ground(to, result, plan);
}

}  // namespace fairway::forms
