// See html_run.hpp.
#include "engine/forms/html_run.hpp"

#include <fmt/format.h>
#include <map>

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

std::string as_is(std::string_view text) { return std::string(text); }

std::string moment(const Json& map, std::string_view key) {
    const std::string time = text_of(map, key);
    return time.empty() ? "" : fmt::format(R"(<time datetime="{0}">{0}</time>)", escaped(time));
}

std::string step(std::string_view kind, std::string_view title, const std::string& html) {
    return fmt::format(R"(<li class="st {}"><span class="dot" aria-hidden="true"></span><div><strong>{}</strong>)"
                       "<p>{}</p></div></li>",
                       kind, escaped(title), html);
}

// What happened when: the beginning, each phase with its gates, and the end.
void show_timeline(Page& to, const Json& result, const Json& record) {
    Part part;
    part << R"(<ol class="tl">)";
    if (!record.empty()) part << step("done", "Begun", moment(record, "started"));
    for (const Json& phase : part_of(result, "timeline")) {
        const std::int64_t done = number_of(phase, "done"), all = number_of(phase, "changes");
        std::string words = fmt::format("{} of {} done", done, counted(all, "change"));
        if (const std::string from = moment(phase, "begun"); !from.empty())
            words += fmt::format("<br>{} to {}", from, moment(phase, "known"));
        part << step(done == all ? "done" : done > 0 ? "part" : "", text_of(phase, "phase"), words);
        for (const Json& gate : part_of(record, "gates"))
            if (text_of(gate, "phase") == text_of(phase, "phase"))
                part << step(
                    is_set(gate, "passed") ? "done" : "part", "Gate: " + text_of(gate, "gate"),
                    fmt::format("{}<br>{}", is_set(gate, "passed") ? "passed" : "did not pass", moment(gate, "at")));
    }
    if (!record.empty()) {
        const std::string end = text_of(record, "end");
        part << step(
            end == "complete" ? "done" : "part", "Ended",
            fmt::format("{}<br>{}", escaped(ending(end, text_of(record, "reason"), "")), moment(record, "ended")));
    }
    part << "</ol>";
    tell_gates(part, record);
    to.section("run", "Timeline", "When each phase began, and when its last result was known", "",
               part_of(result, "timeline").empty() ? Part() : part);
}

Tile states_tile(const Json& record) {
    std::map<std::string, std::size_t> states;
    for (const Json& change : part_of(record, "changes")) ++states[text_of(change, "state")];
    Tile out{
        "Changes", std::to_string(states["done"]), fmt::format("of {} done", part_of(record, "changes").size()), {}};
    for (const auto& [state, n] : states) out.rows.push_back({escaped(words_of(state)), std::to_string(n)});
    return out;
}

Tile applied_tile(const Json& applied) {
    const std::int64_t changed = number_of(applied, "changed"), left = number_of(applied, "left");
    std::map<std::string_view, std::int64_t> counts;
    for (const Json& host : part_of(applied, "hosts"))
        for (const char* what : {"failed", "skipped", "in_doubt"}) counts[what] += number_of(host, what);
    Tile out{"Changes", std::to_string(changed), fmt::format("of {} made", changed + left), {}};
    out.rows = {{"failed", std::to_string(counts["failed"])},
                {"skipped", std::to_string(counts["skipped"])},
                {"in doubt", std::to_string(counts["in_doubt"])}};
    return out;
}

// `of`: the run, as applied or as recorded.
void show_way_back(Page& page, const Json& of, const std::string& run) {
    if (!is_set(of, "undoable")) return;
    Tile out{"Way back", "rollback", "puts back what nobody else changed since", {}};
    out.below = command_box("fairway rollback " + run, "the command to undo");
    page.tile(out);
}

}  // namespace

std::string page_of_run(const Json& result) {
    const Json& applied = part_of(result, "applied");
    const std::string run = text_of(applied, "run");
    Page out("Run", run);
    out.fact("Plan", code_tag(text_of(result, "plan_id")));
    out.state(ending(text_of(applied, "ending"), text_of(applied, "reason"), ""));
    out.say(escaped(applied_sentence(applied, as_is)));
    out.tile(applied_tile(applied));
    out.tile({"Highest risk", badge("risk", text_of(result, "risk")), "", {}});
    const PathPictures paths(result);
    paths.tile(out);
    show_way_back(out, applied, run);
    show_timeline(out, result, Json());
    Part part;
    tell_left_out(part, part_of(result, "left_out"));
    tell_left_out(part, part_of(applied, "left_out"));
    tell_hosts(part, applied);
    tell_remarks(part, applied);
    out.section("hosts", "Hosts", "What was changed at each, and what was left", "", part);
    paths.show(out, result);
    show_changes(out, result);
    show_delegation(out, result);
    out.footer(facts_part(result, {{"plan", text_of(result, "plan_id")},
                                   {"policy sha256", text_of(result, "policy_sha256")},
                                   {"inventory sha256", text_of(result, "inventory_sha256")}}));
    return out.print(paths.data());
}

std::string page_of_record(const Json& result) {
    const Json &record = part_of(result, "record"), &plan = part_of(result, "plan");
    const std::string run = text_of(record, "run");
    Page out(text_of(record, "rolls_back").empty() ? "Run" : "Rollback", run);
    out.fact("Estate", name_tag(text_of(plan, "estate")));
    if (!text_of(record, "ticket").empty()) out.fact("Ticket", name_tag(text_of(record, "ticket")));
    out.fact("Plan", code_tag(text_of(record, "plan_id")));
    out.state(ending(text_of(record, "end"), text_of(record, "reason"), ""));
    out.say(escaped(record_sentence(record, as_is)));
    if (const std::string by = rolled_back_sentence(record, as_is); !by.empty()) out.say(escaped(by));
    out.tile(states_tile(record));
    const PathPictures paths(result);
    if (!plan.empty()) paths.tile(out);
    show_way_back(out, record, run);
    show_timeline(out, result, record);
    Part states;
    tell_recorded(states, record);
    out.section("states", "What became of each change", "Equal ones in one row",
                std::to_string(part_of(record, "changes").size()), states);
    if (!plan.empty()) {
        paths.show(out, result);
        show_changes(out, result);
        show_delegation(out, result);
    }
    out.footer(facts_part(result, {{"ticket", text_of(record, "ticket")},
                                   {"plan", text_of(record, "plan_id")},
                                   {"plan digest", text_of(plan, "digest")},
                                   {"applied by", text_of(record, "who") + "@" + text_of(record, "host")},
                                   {"from", text_of(record, "started")},
                                   {"until", text_of(record, "ended")},
                                   {"policy sha256", text_of(plan, "source_sha256")},
                                   {"inventory sha256", text_of(plan, "inventory_sha256")}}));
    return out.print(paths.data());
}

std::string page_of_verify(const Json& result) {
    Page out("Verification of run", text_of(result, "run"));
    out.state(number_of(result, "exit") == 0 ? "verified" : "not verified");
    for (const std::string& one : verify_sentences(result, as_is)) out.say(escaped(one));
    Part part;
    tell_not_kept(part, result);
    tell_trials(part, result);
    out.section("hosts", "What was found", "Values and trial moves", "", part);
    out.footer(facts_part(result, {{"policy sha256", text_of(result, "policy_sha256")},
                                   {"inventory sha256", text_of(result, "inventory_sha256")}}));
    return out.print(Json());
}

std::string page_of_history(const Json& result) {
    if (!part_of(result, "record").empty()) return page_of_record(result);
    Page out("Runs of the journal", "");
    out.say(escaped(history_sentence(result)));
    for (const std::string& one : glass_sentences(result, as_is)) out.say(escaped(one));
    Part part;
    tell_runs(part, result);
    out.section("runs", "Runs", "The latest first", std::to_string(part_of(result, "runs").size()), part);
    out.footer(facts_part(result, {}));
    return out.print(Json());
}

}  // namespace fairway::forms
