// See plan.hpp.
#include "engine/report/plan.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/plan.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/coverage.hpp"
#include "engine/report/estate.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t elements_shown = 8;
constexpr std::size_t command_shown = 200;

std::string listed(const Set& set) { return fairway::text::some(set, elements_shown, fairway::text::printable); }

// Grants and takes at once; `+` only adds, `-` only takes.
std::string_view sign(const Change& change) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (!before) return change.before == Value(false) ? "+" : change.after == Value(false) ? "-" : "~";
    const Key key = change.address.setting->key;
    if (covers(key, *after, *before)) return "+";
    return covers(key, *before, *after) ? "-" : "~";
}

std::string elements(const Change& change, const Style& style) {
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (!before) return {};
    const Key key = change.address.setting->key;
    const Set fresh = subtract(key, *after, *before), gone = subtract(key, *before, *after);
    std::string out;
    if (!fresh.empty()) out += "      " + style(Paint::good, "+ " + listed(fresh)) + "\n";
    if (!gone.empty()) out += "      " + style(Paint::bad, "- " + listed(gone)) + "\n";
    if (const Set absent = taken_as_gone(change); !absent.empty())
        out += fmt::format("      for computers that are gone{}; apply looks again whether they still are, before it takes {}\n",
                           covers(key, absent, gone) ? "" : ": " + listed(absent), absent.size() == 1 ? "it" : "them");
    if (!change.keeps.empty())
        out += fmt::format("      keeps {} that no rule names: {}\n", count(change.keeps.size(), "value"),
                           listed(change.keeps));
    return out;
}

std::string limits_line(const Plan& plan) {
    if (!plan.limits) return {};
    const Limits& limits = *plan.limits;
    std::string out = fmt::format("Limits: risk {}", name(limits.risk));
    if (limits.hosts) out += fmt::format(", {}", count(static_cast<std::size_t>(*limits.hosts), "host"));
    if (limits.hosts_percent) out += fmt::format(", {}% of the hosts", *limits.hosts_percent);
    if (limits.paths_closed)
        out +=
            fmt::format(", {} closed on the way", count(static_cast<std::size_t>(*limits.paths_closed), "open path"));
    return out + "\n";
}

std::string paths_line(const Plan& plan) {
    std::string out = fmt::format("Paths open: {} now", plan.paths.open);
    for (const Phase& phase : plan.phases) out += fmt::format(", {} after {}", phase.paths.open, name(phase.kind));
    const PathCount& last = plan.phases.empty() ? plan.paths : plan.phases.back().paths;
    out += fmt::format(" (of {}).", last.open + last.closed + last.unknown);
    std::int64_t closes = 0;
    for (const Phase& phase : plan.phases) closes += phase.closes;
    if (closes == 0) return out + " No step closes a path.";
    return out + fmt::format(" Steps close {} on the way.", count(static_cast<std::size_t>(closes), "open path"));
}

// Nothing is written there, because it is not known whose account or name it would be for.
bool is_in_doubt(const Finding& note) { return note.verdict == Verdict::unknown; }

// Notes with the same reason are one line: one host in doubt is a note of each of its peers.
std::string notes_text(const std::vector<Finding>& notes, bool in_doubt, const Style& style) {
    constexpr std::size_t most_objects = 5;
    struct Group {
        const Finding* first;
        std::vector<std::string> objects;
    };
    std::vector<Group> groups;
    std::map<std::tuple<Verdict, std::string_view, std::string_view>, std::size_t> places;
    for (const Finding& note : notes) {
        if (is_in_doubt(note) != in_doubt) continue;
        const auto [it, fresh] =
            places.try_emplace({note.verdict, note.address.setting->name, note.because}, groups.size());
        if (fresh) groups.push_back({&note, {}});
        groups[it->second].objects.push_back(note.address.object);
    }
    std::string out;
    for (const Group& group : groups)
        out += style(Paint::warn, fmt::format("! {} {} {}: {}", name(group.first->verdict),
                                              fairway::text::some(group.objects, most_objects, fairway::text::printable),
                                              group.first->address.setting->name,
                                              fairway::text::printable(group.first->because))) +
               "\n";
    return out;
}

}  // namespace

std::string transition(const Change& change) {
    const Setting& row = *change.address.setting;
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (before && row.kind == Kind::computer) return fmt::format("{} → {} values", before->size(), after->size());
    return fmt::format("{} → {}", show(row, change.before), show(row, change.after));
}

std::string text(const Change& change, const Style& style) {
    const Setting& row = *change.address.setting;
    const Grade grade = believed(change);
    const std::string_view by = change.rules.size() == 1 ? std::string_view(change.rules[0]) : std::string_view();
    std::string out =
        fmt::format("  {} {} {}  {}  {}  {} risk{}\n", style(Paint::bold, sign(change)),
                    style.pad(std::string(name(row.kind)), 8), style.pad(fairway::text::printable(change.address.object), 8),
                    style.pad(std::string(row.name), 30), style.pad(transition(change), 24), name(grade.risk),
                    by.empty() ? "" : fmt::format("  rule {}", fairway::text::printable(by)));
    out += elements(change, style);
    if (grade.risk != Risk::low)
        out += style(grade.risk >= Risk::high ? Paint::bad : Paint::dim,
                     "      risk: " + fairway::text::printable(grade.because)) +
               "\n";
    std::string command = fairway::text::printable(row.command(change.address.object, change.before, change.after));
    // A command that replaces a list would take away whoever is cut off, so it stands in full.
    if (&row != &setting::delegation_allowed_principals) command = style.cut(command, command_shown);
    return out + style(Paint::dim, "      as a cmdlet: " + command) + "\n";
}

std::string plan_id(const Plan& plan) { return digest_of(plan).substr(0, 12); }

Json provenance(const Plan& plan) {
    Json risks = Json::array();
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) {
            const Grade grade = believed(change);
            risks.push_back({{"phase", name(phase.kind)},
                             {"object", change.address.object},
                             {"kind", name(change.address.kind())},
                             {"setting", change.address.setting->name},
                             {"risk", name(grade.risk)},
                             {"because", grade.because}});
        }
    Json out = {{"inventory_sha256", plan.inventory_digest}, {"risks", std::move(risks)}};
    if (plan.purpose == Purpose::apply) out["policy_sha256"] = plan.source_digest;
    return out;
}

std::string heading(const Plan& plan) {
    std::set<std::string> objects;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes)
            objects.insert(fmt::format("{} {}", name(change.address.kind()), change.address.object));
    const std::string ticket = plan.ticket.empty() ? "" : " for " + fairway::text::printable(plan.ticket);
    const std::string what = plan.purpose == Purpose::rollback ? "rollback of run " : "policy ";
    std::string out = fmt::format("Plan {}{}: {}{}, estate {}\n", plan_id(plan), ticket, what,
                                  fairway::text::printable(plan.source), fairway::text::printable(plan.estate));
    if (plan.size() == 0) return out + "Nothing to change.\n";
    out += fmt::format("{} on {}, highest risk: {}\n", count(plan.size(), "change"), count(objects.size(), "object"),
                       name(highest_risk(plan)));
    return out + limits_line(plan);
}

std::string text(const Plan& plan, const Style& style) {
    std::string out = heading(plan) + not_covered_text(plan.not_covered, style) + found_text(plan, style);
    if (const std::string doubts = notes_text(plan.notes, true, style); !doubts.empty())
        out += "In doubt, so nothing is written for it:\n" + doubts;
    if (!plan.estate_findings.empty())
        out += "About the estate, which no change of this plan mends:\n" + text(plan.estate_findings, style);
    for (const Phase& phase : plan.phases) {
        out += "\n" + style(Paint::bold, name(phase.kind)) + "\n";
        for (const Change& change : phase.changes) out += text(change, style);
    }
    out += "\n" + paths_line(plan) + "\n";
    out += notes_text(plan.notes, false, style);
    for (const std::string& list : crowded(plan))
        out += style(Paint::warn, "! " + fairway::text::printable(list)) + "\n";
    return out;
}

}  // namespace fairway::report
