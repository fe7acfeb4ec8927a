// See changes.hpp.
#include "engine/report/changes.hpp"

#include <fmt/format.h>
#include <tuple>

#include "engine/base/by_key.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/setting.hpp"
#include "engine/plan/comparators.hpp"
#include "engine/plan/risk.hpp"
#include "engine/report/groups.hpp"
#include "engine/report/layout.hpp"

namespace fairway::report {
namespace {

constexpr std::size_t fewest_together = 3;
constexpr std::size_t objects_named = 5;
constexpr std::size_t elements_shown = 8;
constexpr std::size_t command_shown = 200;

std::string below(const std::string& words, const Style& style) { return wrapped(words, style, "      ", 8); }

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
    if (!fresh.empty()) out += style(Paint::good, below("+ " + listed(fresh), style));
    if (!gone.empty()) out += style(Paint::bad, below("- " + listed(gone), style));
    if (const Set absent = taken_as_gone(change); !absent.empty())
        out += below(
            fmt::format("for computers that are gone{}; apply looks again whether they still are, before it takes {}",
                        covers(key, absent, gone) ? "" : ": " + listed(absent), absent.size() == 1 ? "it" : "them"),
            style);
    if (!change.keeps.empty())
        out += below(
            fmt::format("keeps {} that no rule names: {}", count(change.keeps.size(), "value"), listed(change.keeps)),
            style);
    return out;
}

// "rule delegation", "rules delegation, no-vanished-targets": every one that asks for the change.
std::string rules_of(const Change& change) {
    if (change.rules.empty()) return {};
    std::vector<std::string> names;
    for (const std::string& rule : change.rules) names.push_back(fairway::text::printable(rule));
    return fmt::format("  rule{} {}", names.size() == 1 ? "" : "s", fairway::text::join(names, ", "));
}

std::string head_line(const Change& change, const std::string& who, const std::string& what, const Style& style) {
    return wrapped(fmt::format("{}  {}  {}  {} risk{}", style.pad(who, 17),
                               style.pad(std::string(change.address.setting->name), 30), style.pad(what, 24),
                               name(believed(change).risk), rules_of(change)),
                   style, fmt::format("  {} ", style(Paint::bold, sign(change))), 6);
}

std::string risk_line(const Grade& grade, const Style& style) {
    if (grade.risk == Risk::low) return {};
    return style(grade.risk >= Risk::high ? Paint::bad : Paint::dim,
                 below("risk: " + fairway::text::printable(grade.because), style));
}

using Alike = std::vector<const Change*>;

// What changes that are shown together have in common. Those of sets may differ in which elements they are about, but
// not where they are risky: then a person looks at each.
using Likeness = std::tuple<const Setting*, std::string_view, Risk, std::string, std::string>;

Likeness likeness_of(const Change& change) {
    const Grade grade = believed(change);
    const bool set = as_set(change.before) != nullptr;
    std::string what = set ? std::string() : transition(change) + cause_of(grade.because, change.address.object);
    if (set && grade.risk >= Risk::high) what = change.address.object;
    if (set) what += fmt::format(" {} {}", change.keeps.empty(), taken_as_gone(change).empty());
    return {change.address.setting, sign(change), grade.risk, rules_of(change), what};
}

// "1 to 4 values more", "2 values fewer".
std::string in_figures(const Alike& group) {
    if (!as_set(group.front()->before)) return transition(*group.front());
    ValueCounts counts;
    for (const Change* change : group)
        counts.add(change->address.setting->key, *as_set(change->before), *as_set(change->after));
    return counts.in_words("more", "fewer");
}

std::string text(const Alike& group, const Style& style) {
    const Change& first = *group.front();
    const Setting& row = *first.address.setting;
    const std::string who = fairway::text::some(
        group, objects_named, [](const Change* change) { return fairway::text::printable(change->address.object); });
    const std::string many = count(group.size(), row_of(row.kind).noun);
    std::string out = head_line(first, many, in_figures(group), style) + below(who, style);
    const std::string begins = fairway::text::printable(first.address.object);
    if (as_set(first.before)) out += below("the first of them, " + begins + ":", style) + elements(first, style);
    out += risk_line(believed(first), style);
    const std::string command =
        fairway::text::printable(row.command(row, first.address.object, first.before, first.after));
    return out +
           style(Paint::dim, "      as a cmdlet: " + style.cut(command, command_shown) + " (likewise for the others)") +
           "\n";
}

}  // namespace

std::string transition(const Change& change) {
    const Setting& row = *change.address.setting;
    const Set *before = as_set(change.before), *after = as_set(change.after);
    if (before && row_of(row.kind).long_sets) return fmt::format("{} → {} values", before->size(), after->size());
    return fmt::format("{} → {}", show(row, change.before), show(row, change.after));
}

std::string text(const Change& change, const Style& style) {
    const Setting& row = *change.address.setting;
    const Grade grade = believed(change);
    std::string out =
        head_line(change,
                  style.pad(std::string(name(row.kind)), 8) + " " + fairway::text::printable(change.address.object),
                  transition(change), style) +
        elements(change, style) + risk_line(grade, style);
    std::string command =
        fairway::text::printable(row.command(row, change.address.object, change.before, change.after));
    // A command that replaces a list would take away whoever is cut off, so it stands in full.
    if (!row.replaces_list) command = style.cut(command, command_shown);
    return out + style(Paint::dim, "      as a cmdlet: " + command) + "\n";
}

std::string changes_text(const Phase& phase, const Style& style, const Detail& detail, std::size_t& together) {
    std::string out;
    for (const Alike& group : by_key(phase.changes, likeness_of)) {
        if (group.size() >= fewest_together && !detail.full) {
            out += text(group, style);
            together += group.size();
        } else {
            for (const Change* change : group) out += text(*change, style);
        }
    }
    return out;
}

Json equal_changes_json(const Plan& plan) {
    Json out = Json::array();
    for (const Phase& phase : plan.phases)
        for (const Alike& group : by_key(phase.changes, likeness_of)) {
            const Change& first = *group.front();
            const Setting& row = *first.address.setting;
            const Grade grade = believed(first);
            Json objects = Json::array();
            for (const Change* change : group) objects.push_back(change->address.object);
            out.push_back({{"phase", title(phase)},
                           {"kind", name(row.kind)},
                           {"setting", row.name},
                           {"sign", sign(first)},
                           {"transition", group.size() == 1 ? transition(first) : in_figures(group)},
                           {"risk", name(grade.risk)},
                           {"because", grade.because},
                           {"undo", name(row.undo)},
                           {"rules", first.rules},
                           {"cmdlet", row.command(row, first.address.object, first.before, first.after)},
                           {"objects", std::move(objects)}});
        }
    return out;
}

}  // namespace fairway::report
