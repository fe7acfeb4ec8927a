// See run_tables.hpp.
#include "engine/forms/run_tables.hpp"

#include <array>
#include <fmt/format.h>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/report/story.hpp"

namespace fairway::forms {
namespace {

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

}  // namespace

std::string ending(const std::string& word, const std::string& reason, const std::string& because) {
    const std::string end =
        word.empty() ? "without an end: it was killed, or it runs now" : report::end_words(word, reason);
    return because.empty() ? end : end + ": " + because;
}

std::string applied_sentence(const Json& applied, Safe safe) {
    const std::int64_t changed = number_of(applied, "changed"), left = number_of(applied, "left");
    return fmt::format(
        "Run {} ended: {}. {} of {} made, {} left.", safe(text_of(applied, "run")),
        safe(ending(text_of(applied, "ending"), text_of(applied, "reason"), text_of(applied, "because"))), changed,
        counted(changed + left, "change"), left);
}

std::string record_sentence(const Json& record, Safe safe) {
    const std::string back = text_of(record, "rolls_back");
    std::int64_t done = 0;
    for (const Json& change : part_of(record, "changes")) done += text_of(change, "state") == "done" ? 1 : 0;
    std::string out =
        fmt::format("Run {}{} ended: {}. {} of {} done.", safe(text_of(record, "run")),
                    back.empty() ? std::string() : ", which puts back run " + safe(back) + ",",
                    safe(ending(text_of(record, "end"), text_of(record, "reason"), text_of(record, "because"))), done,
                    counted(static_cast<std::int64_t>(part_of(record, "changes").size()), "change"));
    return out;
}

std::string rolled_back_sentence(const Json& record, Safe safe) {
    const Json& by = part_of(record, "rolled_back_by");
    return by.empty() ? std::string() : "It was rolled back by " + safe(value_words(by)) + ".";
}

void tell_hosts(Tables& to, const Json& applied) {
    Tables::Rows rows;
    constexpr std::array columns = {"changed", "unchanged", "failed", "skipped", "in_doubt"};
    for (const Group& group : by_key(part_of(applied, "hosts"), [&](const Json& host) {
             std::vector<std::int64_t> out;
             for (const char* column : columns) out.push_back(number_of(host, column));
             return out;
         })) {
        Tables::Row row = {counted_names(names_in(group, "host"))};
        for (const char* column : columns) row.push_back(digits_of(*group.front(), column));
        rows.push_back(std::move(row));
    }
    to.table("Hosts", {"hosts", "changed", "unchanged", "failed", "skipped", "in doubt"}, std::move(rows));
}

void tell_left_out(Tables& to, const Json& left_out) {
    Tables::Rows rows;
    for (const Group& group : by_key(left_out, [](const Json& one) {
             return std::tuple(text_of(one, "setting"), text_of(one, "because"), is_set(one, "in_doubt"));
         }))
        rows.push_back({counted_names(names_in(group, "object")), text_of(*group.front(), "setting"),
                        is_set(*group.front(), "in_doubt") ? "in doubt" : "left out",
                        text_of(*group.front(), "because")});
    to.table("Left out", {"hosts", "setting", "what", "why"}, std::move(rows));
}

void tell_remarks(Tables& to, const Json& applied) {
    Tables::Rows rows;
    for (const Json& one : part_of(applied, "remarks"))
        rows.push_back(
            {text_of(one, "object"), text_of(one, "setting"), text_of(one, "complaint") + text_of(one, "moved")});
    to.table("Remarks", {"host", "setting", "remark"}, std::move(rows));
}

void tell_gates(Tables& to, const Json& record) {
    Tables::Rows rows;
    for (const Json& one : part_of(record, "gates"))
        rows.push_back({text_of(one, "phase"), text_of(one, "gate"), is_set(one, "passed") ? "passed" : "did not pass",
                        value_words(part_of(one, "saw")), text_of(one, "at")});
    to.table("Gates", {"after", "gate", "answer", "saw", "at"}, std::move(rows));
}

void tell_kept(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& one : part_of(result, "others"))
        rows.push_back({text_of(one, "object"), text_of(one, "setting"), value_words(part_of(one, "added")),
                        value_words(part_of(one, "taken"))});
    to.table("Lists that others changed as well", {"host", "setting", "added by others, stays", "taken by others"},
             std::move(rows));
}

std::vector<std::string> verify_sentences(const Json& result, Safe safe) {
    const Json& paths = part_of(result, "paths");
    std::size_t held = 0, moved = 0;
    for (const Json& one : part_of(result, "findings")) held += text_of(one, "verdict") == "compliant" ? 1 : 0;
    for (const Json& one : part_of(result, "trials")) moved += is_set(one, "moved") ? 1 : 0;
    std::vector<std::string> out = {fmt::format(
        "Run {}: {}. {} of {} are as the run left them; {} of {} are open; {} of {} succeeded.",
        safe(text_of(result, "run")), number_of(result, "exit") == 0 ? "verified" : "not verified", held,
        counted(static_cast<std::int64_t>(part_of(result, "findings").size()), "value"), number_of(paths, "open"),
        counted(number_of(paths, "open") + number_of(paths, "closed") + number_of(paths, "unknown"), "path"), moved,
        counted(static_cast<std::int64_t>(part_of(result, "trials").size()), "trial move"))};
    if (std::string by = rolled_back_sentence(result, safe); !by.empty()) out.push_back(std::move(by));
    if (const Json& replication = part_of(result, "replication"); !replication.empty())
        out.push_back(is_set(replication, "converged") ? "All domain controllers have its changes."
                                                       : "Not all domain controllers have its changes yet.");
    return out;
}

std::string history_sentence(const Json& result) {
    const Json& runs = part_of(result, "runs");
    return runs.empty() ? "There is no run."
                        : counted(static_cast<std::int64_t>(runs.size()), "run") + ", latest first.";
}

std::vector<std::string> glass_sentences(const Json& result, Safe safe) {
    std::vector<std::string> out;
    for (const Json& one : part_of(result, "break_glass")) out.push_back("! " + safe(text_of(one, "says")));
    return out;
}

void tell_runs(Tables& to, const Json& result) {
    const Json& runs = part_of(result, "runs");
    Tables::Rows rows;
    for (auto it = runs.rbegin(); it != runs.rend(); ++it) {
        const std::string back = text_of(*it, "rolls_back"), until = text_of(*it, "until");
        rows.push_back({text_of(*it, "run"),
                        (back.empty() ? text_of(*it, "source") : "rollback of " + back) +
                            (until.empty() ? std::string() : fmt::format(" (break-glass until {})", until)),
                        text_of(*it, "ticket"), ending(text_of(*it, "end"), text_of(*it, "reason"), {}),
                        fmt::format("{} of {}", number_of(*it, "done"), number_of(*it, "changes")),
                        text_of(*it, "who") + "@" + text_of(*it, "host"), text_of(*it, "started")});
    }
    to.table("Runs", {"run", "what", "ticket", "end", "changes", "by", "started"}, std::move(rows));
}

void tell_recorded(Tables& to, const Json& record) {
    Tables::Rows rows;
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

void tell_not_kept(Tables& to, const Json& result) {
    Tables::Rows rows;
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

void tell_trials(Tables& to, const Json& result) {
    Tables::Rows rows;
    for (const Json& one : part_of(result, "trials"))
        rows.push_back({fmt::format("{} → {}", text_of(one, "from"), text_of(one, "to")), text_of(one, "vm"),
                        is_set(one, "moved") ? "moved" : "failed while " + text_of(one, "stage"),
                        is_set(one, "moved")
                            ? fmt::format("{} ms, by {}", number_of(one, "took_ms"), text_of(one, "transport"))
                            : text_of(one, "error")});
    to.table("Trial moves", {"from and to", "VM", "result", "details"}, std::move(rows));
}

}  // namespace fairway::forms
