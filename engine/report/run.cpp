// See run.hpp.
#include "engine/report/run.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/by_key.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/report/address.hpp"
#include "engine/report/gates.hpp"
#include "engine/report/recap.hpp"
#include "engine/report/story.hpp"
#include "engine/run/stale.hpp"

namespace fairway::report {
namespace {

// Of a rollback, who began it says how the rest is put back: by the command that undoes the other run.
std::string way_on(const Applied& applied, Purpose purpose) {
    if (applied.ending == Ending::complete) return {};
    std::string out = report::text(applied.left_out);
    if (applied.ending == Ending::in_doubt && applied.left_out.empty())
        out += "That value is in doubt: it is neither what it was nor what was written, or it cannot be read now.\n";
    if (purpose == Purpose::rollback) return out;
    return out + fmt::format("Go on:    fairway apply --resume {0}\nGo back:  fairway rollback {0}\n", applied.run);
}

}  // namespace

Json time_or_null(std::int64_t at) { return at == 0 ? Json(nullptr) : Json(show_time(at)); }

std::string_view words(Outcome outcome) {
    switch (outcome) {
        case Outcome::done: return "done";
        case Outcome::not_done: return "not done";
        case Outcome::torn: return "written in part";
        case Outcome::in_doubt: return "in doubt";
        case Outcome::unanswered: break;
    }
    return "not there, but nobody refused it: it may still arrive";
}

std::string text(const Applied& applied, const Plan& plan, const Style& style) {
    const bool complete = applied.ending == Ending::complete;
    std::string out;
    if (!applied.because.empty()) out += style(Paint::bad, fairway::text::printable_lines(applied.because)) + "\n";
    out +=
        fmt::format("{}  run {}: {}  changed {}  left {}  of {}\n", style(complete ? Paint::good : Paint::bad, "RECAP"),
                    applied.run, end_words(name(applied.ending)), applied.done, applied.left, plan.size());
    return out + recap_text(applied, plan, style) + way_on(applied, plan.purpose);
}

Json json(const Applied& applied, const Plan& plan) {
    Json remarks = Json::array();
    for (const Remark& one : applied.remarks) {
        remarks.push_back(address_json(one.address));
        if (!one.complaint.empty()) remarks.back()["complaint"] = one.complaint;
        if (!one.moved.empty()) remarks.back()["moved"] = one.moved;
    }
    Json out = {{"run", applied.run},
                {"ending", name(applied.ending)},
                {"undoable", applied.undoable},
                {"changed", applied.done},
                {"left", applied.left},
                {"because", applied.because},
                {"hosts", recap_json(applied, plan)},
                {"left_out", json(applied.left_out)},
                {"remarks", remarks}};
    if (applied.reason) out["reason"] = name(*applied.reason);
    if (plan.rollout || plan.run_rules.window) out["estimates"] = estimates_json(applied);
    return out;
}

std::string text(const std::vector<LeftOut>& left_out) {
    constexpr std::size_t most_named = 5;
    std::string out, skipped;
    for (const LeftOut& one : left_out)
        if (!one.skipped)
            out += fmt::format("! {}: {}\n", one.in_doubt ? "in doubt" : "left out",
                               fairway::text::printable(one.why.text));
    for (const auto& group :
         by_key(left_out, [](const LeftOut& one) { return std::pair(one.skipped, std::string_view(one.why.text)); }))
        if (group.front()->skipped)
            skipped += fmt::format("! skipped: {}; {}\n",
                                   fairway::text::some(group, most_named,
                                                       [](const LeftOut* one) {
                                                           return fairway::text::printable(in_words(one->address));
                                                       }),
                                   fairway::text::printable(group.front()->why.text));
    return out + skipped;
}

Json json(const std::vector<LeftOut>& left_out) {
    Json out = Json::array();
    for (const LeftOut& one : left_out)
        out.push_back(address_json(one.address,
                                   {{"in_doubt", one.in_doubt}, {"skipped", one.skipped}, {"because", one.why.text}}));
    return out;
}

std::string others_text(const std::vector<Finding>& findings, const Style& style) {
    std::string out;
    const auto tell = [&](std::string_view words, std::string_view element, const Address& address) {
        out += style(Paint::warn, fmt::format(fmt::runtime(words), fairway::text::printable(element),
                                              address.setting->name, address.object)) +
               "\n";
    };
    for (const Finding& finding : findings) {
        for (const std::string_view element : finding.foreign)
            tell("! keeps {} in {} of {}: it is not the run's", element, finding.address);
        for (const std::string_view element : finding.withdrawn)
            tell("! {} is gone from {} of {}: the run had added it, and others took it", element, finding.address);
    }
    return out;
}

Json others_json(const std::vector<Finding>& findings) {
    Json out = Json::array();
    for (const Finding& finding : findings) {
        if (finding.foreign.empty() && finding.taken.empty() && finding.withdrawn.empty() && finding.taken_over.empty())
            continue;
        Json runs = Json::array();
        for (const TakenOver& other : finding.taken_over)
            runs.push_back({{"run", other.run}, {"values", other.values.elements()}});
        out.push_back({{"object", finding.address.object},
                       {"setting", finding.address.setting->name},
                       {"added", finding.foreign.elements()},
                       {"taken", finding.taken.elements()},
                       {"withdrawn", finding.withdrawn.elements()},
                       {"runs", std::move(runs)}});
    }
    return out;
}

std::string text(const std::vector<RunLine>& history, const Style& style) {
    if (history.empty()) return "No run yet.\n";
    std::vector<std::vector<std::string>> rows = {{"run", "what", "ticket", "end", "changes", "by", "started"}};
    for (std::string& head : rows[0]) head = style(Paint::bold, head);
    for (const RunLine& line : history) {
        std::string what =
            line.rolls_back.empty() ? fairway::text::printable(line.source) : "rollback of " + line.rolls_back;
        if (line.until != 0) what += fmt::format(" (break-glass until {})", show_time(line.until));
        const std::string end =
            line.end.empty() ? style(Paint::bad, "no end: killed, or running now") : end_words(line.end, line.reason);
        rows.push_back({line.id, what, line.ticket.empty() ? "-" : fairway::text::printable(line.ticket), end,
                        fmt::format("{} of {}", line.done, line.changes), line.who + "@" + line.host,
                        show_time(line.started)});
    }
    return style.table(rows, "");
}

Json json(const std::vector<RunLine>& history) {
    Json out = Json::array();
    for (const RunLine& line : history)
        out.push_back({{"run", line.id},
                       {"estate", line.estate},
                       {"purpose", name(line.purpose)},
                       {"source", line.source},
                       {"rolls_back", line.rolls_back},
                       {"until", time_or_null(line.until)},
                       {"ticket", line.ticket},
                       {"who", line.who},
                       {"host", line.host},
                       {"started", time_or_null(line.started)},
                       {"ended", time_or_null(line.ended)},
                       {"end", line.end},
                       {"reason", line.reason},
                       {"changes", line.changes},
                       {"done", line.done}});
    return out;
}

std::string text(const std::vector<Contact>& contacts, const Style& style) {
    if (contacts.empty()) return {};
    std::vector<std::vector<std::string>> rows = {{"beside runs", "host", "build", "outcome", "by", "at"}};
    for (std::string& head : rows[0]) head = style(Paint::bold, head);
    for (const Contact& one : contacts) {
        const bool probe = one.what == Contact::What::probe;
        const std::string assumptions =
            fmt::format("{} hold, {} refuted, {} not tried", one.holds, one.refuted, one.untried);
        const std::string what = probe                                  ? "probe of assumptions"
                                 : one.what == Contact::What::rehearsal ? "rehearsed write"
                                                                        : "rehearsal begins";
        rows.push_back({what, fairway::text::printable(one.host), one.build ? std::to_string(*one.build) : "-",
                        probe ? assumptions : fairway::text::printable(one.outcome),
                        fairway::text::printable(one.who + "@" + one.machine), show_time(one.at)});
    }
    return style.table(rows, "");
}

Json json(const std::vector<Contact>& contacts) {
    Json out = Json::array();
    for (const Contact& one : contacts)
        out.push_back({{"what", name(one.what)},
                       {"estate", one.estate},
                       {"host", one.host},
                       {"build", one.build ? Json(*one.build) : Json()},
                       {"holds", one.holds},
                       {"refuted", one.refuted},
                       {"untried", one.untried},
                       {"outcome", one.outcome},
                       {"who", one.who},
                       {"machine", one.machine},
                       {"at", time_or_null(one.at)}});
    return out;
}

}  // namespace fairway::report
