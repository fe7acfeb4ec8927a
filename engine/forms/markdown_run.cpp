// See markdown_run.hpp.
#include "engine/forms/markdown_run.hpp"

#include <array>
#include <fmt/format.h>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/markdown_plan.hpp"
#include "engine/forms/plan_words.hpp"
#include "engine/report/style.hpp"

namespace fairway::forms {
namespace {

std::string counted(std::int64_t n, std::string_view noun) { return report::count(static_cast<std::size_t>(n), noun); }

// "complete", "failed: HV03 refused the write", "stopped by the window".
std::string ending(std::string word, const std::string& reason, const std::string& because) {
    if (word.empty()) word = "without an end: it was killed, or it runs now";
    if (word == "in_doubt") word = "in doubt";
    if (!reason.empty()) word += " (" + reason + ")";
    return because.empty() ? word : word + ": " + because;
}

void tell_applied(Ticket& to, const Json& applied) {
    const std::int64_t changed = number_of(applied, "changed"), left = number_of(applied, "left");
    to.say(
        fmt::format("Run {} ended: {}. {} of {} made, {} left.", plain(text_of(applied, "run")),
                    plain(ending(text_of(applied, "ending"), text_of(applied, "reason"), text_of(applied, "because"))),
                    changed, counted(changed + left, "change"), left));
}

void tell_hosts(Ticket& to, const Json& applied) {
    Ticket::Rows rows;
    constexpr std::array columns = {"changed", "unchanged", "failed", "skipped", "in_doubt"};
    for (const Group& group : by_key(part_of(applied, "hosts"), [&](const Json& host) {
             std::vector<std::int64_t> out;
             for (const char* column : columns) out.push_back(number_of(host, column));
             return out;
         })) {
        Ticket::Row row = {counted_names(names_in(group, "host"))};
        for (const char* column : columns) row.push_back(digits_of(*group.front(), column));
        rows.push_back(std::move(row));
    }
    to.table("Hosts", {"hosts", "changed", "unchanged", "failed", "skipped", "in doubt"}, std::move(rows));
}

void tell_left_out(Ticket& to, const Json& left_out) {
    Ticket::Rows rows;
    for (const Group& group : by_key(left_out, [](const Json& one) {
             return std::tuple(text_of(one, "setting"), text_of(one, "because"), is_set(one, "in_doubt"));
         }))
        rows.push_back({counted_names(names_in(group, "object")), text_of(*group.front(), "setting"),
                        is_set(*group.front(), "in_doubt") ? "in doubt" : "left out",
                        text_of(*group.front(), "because")});
    to.table("Left out", {"hosts", "setting", "what", "why"}, std::move(rows));
}

void tell_remarks(Ticket& to, const Json& applied) {
    Ticket::Rows rows;
    for (const Json& one : part_of(applied, "remarks"))
        rows.push_back(
            {text_of(one, "object"), text_of(one, "setting"), text_of(one, "complaint") + text_of(one, "moved")});
    to.table("Remarks", {"host", "setting", "remark"}, std::move(rows));
}

void tell_gates(Ticket& to, const Json& record) {
    Ticket::Rows rows;
    for (const Json& one : part_of(record, "gates"))
        rows.push_back({text_of(one, "phase"), text_of(one, "gate"), is_set(one, "passed") ? "passed" : "did not pass",
                        value_words(part_of(one, "saw")), text_of(one, "at")});
    to.table("Gates", {"after", "gate", "answer", "saw", "at"}, std::move(rows));
}

// What stays as others wrote it.
void tell_kept(Ticket& to, const Json& result) {
    Ticket::Rows rows;
    for (const Json& one : part_of(result, "others"))
        rows.push_back({text_of(one, "object"), text_of(one, "setting"), value_words(part_of(one, "added")),
                        value_words(part_of(one, "taken"))});
    to.table("Lists that others changed as well", {"host", "setting", "added by others, stays", "taken by others"},
             std::move(rows));
}

std::string from_to(const Group& group) {
    const Json *before = find(*group.front(), "before"), *after = find(*group.front(), "after");
    if (!before || !after) return {};
    if (!before->is_array()) return fmt::format("{} → {}", value_words(*before), value_words(*after));
    return group.size() == 1
               ? fmt::format("{} → {}", counted(static_cast<std::int64_t>(before->size()), "value"), after->size())
               : "lists";
}

std::string scalars(const Json& change) {
    const Json* before = find(change, "before");
    return before && before->is_array() ? std::string() : from_to({&change});
}

void tell_recorded(Ticket& to, const Json& record) {
    Ticket::Rows rows;
    for (const Group& group : by_key(part_of(record, "changes"), [](const Json& change) {
             return std::tuple(text_of(change, "phase"), text_of(change, "setting"), text_of(change, "state"),
                               scalars(change), text_of(change, "note"));
         })) {
        const Json& first = *group.front();
        rows.push_back({text_of(first, "phase"), text_of(first, "setting"), from_to(group),
                        counted_names(names_in(group, "object")), text_of(first, "state"), text_of(first, "note")});
    }
    to.table("Changes", {"phase", "setting", "change", "hosts", "state", "note"}, std::move(rows));
}

void tell_findings(Ticket& to, const Json& result) {
    Ticket::Rows rows;
    for (const Group& group : by_key(part_of(result, "findings"), [](const Json& one) {
             return std::tuple(text_of(one, "verdict"), text_of(one, "setting"), text_of(one, "because"));
         })) {
        const std::string verdict = text_of(*group.front(), "verdict");
        if (verdict != "compliant")
            rows.push_back({verdict, text_of(*group.front(), "setting"), counted_names(names_in(group, "object")),
                            text_of(*group.front(), "because")});
    }
    to.table("Values that are not as the run left them", {"what", "setting", "hosts", "why"}, std::move(rows));
}

void tell_trials(Ticket& to, const Json& result) {
    Ticket::Rows rows;
    for (const Json& one : part_of(result, "trials"))
        rows.push_back({fmt::format("{} → {}", text_of(one, "from"), text_of(one, "to")), text_of(one, "vm"),
                        is_set(one, "moved") ? "moved" : "failed while " + text_of(one, "stage"),
                        is_set(one, "moved")
                            ? fmt::format("{} ms, by {}", number_of(one, "took_ms"), text_of(one, "transport"))
                            : text_of(one, "error")});
    to.table("Trial moves", {"from and to", "VM", "result", "details"}, std::move(rows));
}

}  // namespace

std::string ticket_of_run(const Json& result) {
    const Json& applied = part_of(result, "applied");
    Ticket out("Change of Hyper-V live migration, as it was made");
    tell_applied(out, applied);
    tell_left_out(out, part_of(applied, "left_out"));
    tell_hosts(out, applied);
    tell_remarks(out, applied);
    tell_facts(out, result, "Provenance",
               {{"plan", text_of(result, "plan_id")},
                {"highest risk", text_of(result, "risk")},
                {"policy sha256", text_of(result, "policy_sha256")},
                {"inventory sha256", text_of(result, "inventory_sha256")}});
    return out.print("`fairway show RUN --full`, RUN being the run.");
}

std::string ticket_of_record(const Json& result) {
    const Json& record = part_of(result, "record");
    Ticket out("Change of Hyper-V live migration, from the journal");
    const std::string back = text_of(record, "rolls_back");
    std::int64_t done = 0;
    for (const Json& change : part_of(record, "changes")) done += text_of(change, "state") == "done" ? 1 : 0;
    out.say(fmt::format("Run {}{} ended: {}. {} of {} done.", plain(text_of(record, "run")),
                        back.empty() ? std::string() : ", which puts back run " + plain(back) + ",",
                        plain(ending(text_of(record, "end"), text_of(record, "reason"), text_of(record, "because"))),
                        done, counted(static_cast<std::int64_t>(part_of(record, "changes").size()), "change")));
    if (const Json& by = part_of(record, "rolled_back_by"); !by.empty())
        out.say("It was rolled back by " + plain(value_words(by)) + ".");
    tell_recorded(out, record);
    tell_gates(out, record);
    tell_facts(out, result, "Provenance",
               {{"ticket", text_of(record, "ticket")},
                {"plan", text_of(record, "plan_id")},
                {"applied by", text_of(record, "who") + "@" + text_of(record, "host")},
                {"from", text_of(record, "started")},
                {"until", text_of(record, "ended")}});
    return out.print("`fairway show RUN --full`, RUN being the run.");
}

std::string ticket_of_rollback(const Json& result) {
    const Json &plan = part_of(result, "plan"), &applied = part_of(result, "applied");
    Ticket out("Rollback of a change of Hyper-V live migration");
    if (applied.empty()) out.say("Nothing was changed: this is what a rollback would do.");
    else tell_applied(out, applied);
    tell_plan(out, result, plan);
    tell_left_out(out, part_of(result, "left_out"));
    tell_kept(out, result);
    tell_changes(out, result, plan);
    tell_hosts(out, applied);
    tell_remarks(out, applied);
    return out.print("`fairway rollback RUN --dry-run --full`, or `fairway show RUN` of the rollback's own run.");
}

std::string ticket_of_verify(const Json& result) {
    const Json& paths = part_of(result, "paths");
    std::size_t held = 0, moved = 0;
    for (const Json& one : part_of(result, "findings")) held += text_of(one, "verdict") == "compliant" ? 1 : 0;
    for (const Json& one : part_of(result, "trials")) moved += is_set(one, "moved") ? 1 : 0;
    Ticket out("Verification of a change of Hyper-V live migration");
    out.say(fmt::format(
        "Run {}: {}. {} of {} are as the run left them; {} of {} are open; {} of {} succeeded.",
        plain(text_of(result, "run")), number_of(result, "exit") == 0 ? "verified" : "not verified", held,
        report::count(part_of(result, "findings").size(), "value"), number_of(paths, "open"),
        counted(number_of(paths, "open") + number_of(paths, "closed") + number_of(paths, "unknown"), "path"), moved,
        report::count(part_of(result, "trials").size(), "trial move")));
    if (const Json& by = part_of(result, "rolled_back_by"); !by.empty())
        out.say("The run was rolled back by " + plain(value_words(by)) + ".");
    if (const Json& replication = part_of(result, "replication"); !replication.empty())
        out.say(is_set(replication, "converged") ? "All domain controllers have its changes."
                                                 : "Not all domain controllers have its changes yet.");
    tell_findings(out, result);
    tell_trials(out, result);
    tell_facts(out, result, "Provenance",
               {{"changes done", fmt::format("{} of {}", number_of(result, "done"), number_of(result, "changes"))},
                {"policy sha256", text_of(result, "policy_sha256")},
                {"inventory sha256", text_of(result, "inventory_sha256")}});
    return out.print("`fairway verify RUN`, and the run itself: `fairway show RUN --full`.");
}

std::string ticket_of_history(const Json& result) {
    if (!part_of(result, "record").empty()) return ticket_of_record(result);
    Ticket out("Runs of the journal");
    const Json& runs = part_of(result, "runs");
    out.say(runs.empty() ? "There is no run."
                         : counted(static_cast<std::int64_t>(runs.size()), "run") + ", latest first.");
    Ticket::Rows rows;
    for (auto it = runs.rbegin(); it != runs.rend(); ++it)
        rows.push_back(
            {text_of(*it, "run"),
             text_of(*it, "rolls_back").empty() ? text_of(*it, "source") : "rollback of " + text_of(*it, "rolls_back"),
             text_of(*it, "ticket"), ending(text_of(*it, "end"), text_of(*it, "reason"), {}),
             fmt::format("{} of {}", number_of(*it, "done"), number_of(*it, "changes")),
             text_of(*it, "who") + "@" + text_of(*it, "host"), text_of(*it, "started")});
    out.table("Runs", {"run", "what", "ticket", "end", "changes", "by", "started"}, std::move(rows));
    tell_facts(out, result, "Provenance", {});
    return out.print("`fairway history`.");
}

}  // namespace fairway::forms
