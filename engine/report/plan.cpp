// See plan.hpp.
#include "engine/report/plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/setting.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/address.hpp"
#include "engine/report/changes.hpp"
#include "engine/report/closings.hpp"
#include "engine/report/coverage.hpp"
#include "engine/report/estate.hpp"
#include "engine/report/layout.hpp"
#include "engine/report/rehearsal.hpp"
#include "engine/report/rollout.hpp"

namespace fairway::report {
namespace {

// The limits that the policy states.
std::string limits_line(const Plan& plan) {
    if (!plan.limits) return {};
    std::string out = fmt::format("Limits: risk {}", name(plan.limits->risk));
    for (const LimitRow& row : limit_table()) {
        const Amount amount = row.amount ? (*plan.limits).*row.amount : Amount();
        if (amount.count) out += fmt::format(", {} {}", row.name, *amount.count);
        if (amount.percent) out += fmt::format(", {} {}%", row.name, *amount.percent);
    }
    return out + "\n";
}

std::string paths_line(const Plan& plan) {
    std::string out = fmt::format("Paths open: {} now", plan.paths.open);
    for (const Phase& phase : plan.phases) out += fmt::format(", {} after {}", phase.paths.open, title(phase));
    const PathCount& last = plan.phases.empty() ? plan.paths : plan.phases.back().paths;
    out += fmt::format(" (of {}).", last.open + last.closed + last.unknown);
    const std::int64_t closed = paths_closed(plan);
    if (closed == 0) return out + " No step closes a path.";
    return out + fmt::format(" Steps close up to {} on the way.", count(static_cast<std::size_t>(closed), "open path"));
}

// Nothing is written there, because it is not known whose account or name it would be for.
bool is_in_doubt(const Finding& note) { return note.verdict == Verdict::unknown; }

// Notes with the same reason are one line: one host in doubt is a note of each of its peers.
std::string notes_text(const std::vector<Finding>& notes, bool in_doubt, const Style& style) {
    constexpr std::size_t most_objects = 5;
    std::string out;
    for (const auto& group : by_key(notes, [](const Finding& note) {
             return std::tuple(note.verdict, note.address.setting->name, std::string_view(note.because));
         })) {
        const Finding& first = *group.front();
        if (is_in_doubt(first) != in_doubt) continue;
        out += style(Paint::warn,
                     fmt::format("! {} {} {}: {}", name(first.verdict),
                                 fairway::text::some(group, most_objects,
                                                     [](const Finding* note) {
                                                         return fairway::text::printable(note->address.object);
                                                     }),
                                 first.address.setting->name, fairway::text::printable(first.because))) +
               "\n";
    }
    return out;
}

}  // namespace

std::string allowed_text(const std::vector<Allowance>& allowed) {
    std::string out;
    for (const auto& group : by_key(allowed, [](const Allowance& one) { return std::string_view(one.by); })) {
        const auto words = [](const Allowance* one) { return fmt::format("{}={}", one->limit, one->value); };
        out += fmt::format("Allowed once by {}: {}\n", fairway::text::printable(group.front()->by),
                           fairway::text::some(group, group.size(), words));
    }
    return out;
}

Json shown(const PlanFile& file) { return {{"plan", file.json()}, {"equal_changes", equal_changes_json(*file)}}; }

Json provenance(const Plan& plan) {
    std::vector<std::pair<Address, Json>> risks;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const Grade grade = believed(change);
            risks.emplace_back(change.address,
                               Json{{"phase", title(phase)}, {"risk", name(grade.risk)}, {"because", grade.because}});
        }
    Json out = {{"inventory_sha256", plan.inventory_digest}, {"risks", addresses_json(risks)}};
    if (plan.purpose == Purpose::apply) out["policy_sha256"] = plan.source_digest;
    return out;
}

std::string heading(const Plan& plan, std::string_view digest) {
    std::set<std::string> objects;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            objects.insert(fmt::format("{} {}", name(change.address.kind()), change.address.object));
    const std::string ticket = plan.ticket.empty() ? "" : " for " + fairway::text::printable(plan.ticket);
    const std::string what = plan.purpose == Purpose::rollback ? "rollback of run "
                             : plan.source_digest.empty()      ? ""  // a command of its own made it
                                                               : "policy ";
    std::string out = fmt::format("Plan {}{}: {}{}, estate {}\n", plan_id(digest), ticket, what,
                                  fairway::text::printable(plan.source), fairway::text::printable(plan.estate));
    if (plan.size() == 0) return out + "Nothing to change.\n";
    out += fmt::format("{} on {}, highest risk: {}\n", count(plan.size(), "change"), count(objects.size(), "object"),
                       name(highest_risk(plan)));
    return out + limits_line(plan) + allowed_text(plan.allowed) + rollout_line(plan) + run_rules_text(plan.run_rules);
}

std::string framed(const PlanFile& file, const Style& style, const Detail& detail, const std::string& changes) {
    const Plan& plan = *file;
    std::string out =
        heading(plan, file.digest()) + not_covered_text(plan.not_covered, style) + found_text(plan, style);
    if (const std::string doubts = notes_text(plan.notes, true, style); !doubts.empty())
        out += "In doubt, so nothing is written for it:\n" + doubts;
    if (!plan.estate_findings.empty())
        out += "About the estate, which no change of this plan fixes:\n" + text(plan.estate_findings, style, detail);
    out += changes;
    out += "\n" + wrapped(paths_line(plan), style, "", 0) + closed_text(plan, style);
    out += notes_text(plan.notes, false, style);
    out += rehearsed_text(plan, style);
    for (const std::string& list : crowded(plan))
        out += style(Paint::warn, "! " + fairway::text::printable(list)) + "\n";
    return out;
}

std::string all_changes(const Plan& plan, const Style& style, const Detail& detail) {
    std::string out;
    std::size_t together = 0;
    for (const Phase& phase : plan.phases)
        out += "\n" + style(Paint::bold, title_line(phase)) + "\n" + changes_text(phase, style, detail, together) +
               then_text(phase.then, style);
    if (together > 0)
        out +=
            "\n" +
            wrapped(fmt::format(
                        "{} equal to others are shown together here; `--full` shows each, and so does the plan file.",
                        count(together, "change")),
                    style, "", 0);
    return out;
}

std::string text(const PlanFile& file, const Style& style, const Detail& detail) {
    return framed(file, style, detail, all_changes(*file, style, detail));
}

}  // namespace fairway::report
