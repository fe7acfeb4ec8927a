// How a plan file is read back: see plan_file.hpp. Whatever it is, it may come from anywhere.
#include <array>
#include <fmt/format.h>

#include "engine/base/characters.hpp"
#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/limits.hpp"
#include "engine/model/name_form.hpp"
#include "engine/model/value_json.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/limits.hpp"
#include "engine/plan/number_ranges.hpp"
#include "engine/plan/path_letters.hpp"
#include "engine/plan/plan_file.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/rollout.hpp"
#include "engine/plan/step_paths.hpp"

namespace fairway {
namespace {

constexpr std::int64_t oldest_version = 1;
constexpr JsonLimits plan_limits = {.bytes = largest_plan_file, .depth = 16};

PathCount paths_from(Fields fields) {
    constexpr Bounds counts = {0, 1'000'000'000'000};
    fields.only({"open", "closed", "unknown"});
    PathCount out;
    out.open = fields.integer("open", counts);
    out.closed = fields.integer("closed", counts);
    out.unknown = fields.integer("unknown", counts);
    return out;
}

Limits limits_from(Fields fields) {
    constexpr Bounds counts = {0, 1'000'000'000};
    fields.only({"hosts", "hosts_percent", "risk", "paths_closed", "paths_closed_percent", "values_removed",
                 "values_removed_percent", "rollbacks", "risk_by_default", "probed"});
    const auto count = [&](std::string_view key) {
        return find(*fields.json(), key) ? std::optional(fields.integer(key, counts)) : std::nullopt;
    };
    Limits out{.risk = fields.word("risk", all_risks),
               .rollbacks = find(*fields.json(), "rollbacks") && fields.boolean("rollbacks"),
               .risk_by_default = find(*fields.json(), "risk_by_default") && fields.boolean("risk_by_default"),
               .probed = find(*fields.json(), "probed") && fields.boolean("probed")};
    for (const LimitRow& row : limit_table())
        if (row.amount)
            out.*row.amount = {.count = count(row.name), .percent = count(fmt::format("{}_percent", row.name))};
    return out;
}

// Printed in many places, so it is held to the inventory's form here.
Address address_from(Fields& fields) {
    Address out{fields.text("object"), find_setting(fields.text("setting"))};
    if (const std::string odd = host_name_oddity(out.object); fields.ok() && !odd.empty())
        fields.complain({Code::bad_input, fmt::format("{}: `{}` {}", path_to(fields.path(), "object"),
                                                      text::printable(text::whole(out.object, 64)), odd)});
    if (!out.setting) fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": unknown setting"});
    return out;
}

Value value(Fields& fields, std::string_view key, const Setting& setting) {
    const Json* json = fields.raw(key);
    return json ? fields.take(value_from_json(setting, *json, path_to(fields.path(), key))) : Value{};
}

// Ids of rules, or of the run that is rolled back.
std::vector<std::string> rules_from(Fields& fields) {
    constexpr std::size_t longest = 64;
    std::vector<std::string> out = fields.texts("rules");
    for (const std::string& rule : out)
        if (rule.size() > longest || !text::is_clean_line(rule))
            fields.complain({Code::bad_input, path_to(fields.path(), "rules") + " holds what is no rule's name"});
    return out;
}

Grade grade_from(Fields& fields) {
    if (!find(*fields.json(), "risk") && !find(*fields.json(), "risk_because")) return {};
    Grade out{fields.word("risk", all_risks), fields.text("risk_because")};
    if (out.because.empty()) fields.complain({Code::bad_input, path_to(fields.path(), "risk_because") + " is empty"});
    return out;
}

// What changes name by number. All of it together takes at most as much memory as the largest file.
struct Tables {
    std::vector<Premises::Shared> premises;
    std::vector<std::string> names;
    std::size_t room = plan_limits.bytes;

    std::optional<std::vector<std::size_t>> numbers(std::span<const std::string> ranges, std::size_t below) const {
        return from_ranges(ranges, below, room / sizeof(std::size_t));
    }
    bool take(std::size_t bytes) {
        if (bytes > room) return false;
        room -= bytes;
        return true;
    }
};

Premise premise_from(Fields fields) {
    fields.only({"object", "setting", "holds", "why"});
    Premise out;
    out.address = address_from(fields);
    out.why = fields.text("why");
    if (fields.ok() && find(*fields.json(), "holds")) out.holds = value(fields, "holds", *out.address.setting);
    return out;
}

// Plans of format 1 knew one premise, and had it in the change.
Premises premises_of(Fields& fields, const Address& address, Tables& tables) {
    Premises out;
    if (find(*fields.json(), "vanished"))
        out.add(premise(address.object, setting::delegation_vanished, Value(Set(fields.texts("vanished")))));
    if (!find(*fields.json(), "premises")) return out;
    const auto numbers = tables.numbers(fields.texts("premises"), tables.premises.size());
    if (!numbers || !tables.take(numbers->size() * sizeof(Premises::Shared)))
        fields.complain({Code::bad_input, path_to(fields.path(), "premises") + ": no such premise"});
    else
        for (const std::size_t number : *numbers) out.append(tables.premises[number]);
    return out;
}

// A list of a change, spelled out or as numbers of names.
Set list_from(Fields& fields, std::string_view key, Tables& tables) {
    const Json* json = find(*fields.json(), key);
    if (!json || !json->is_object()) return Set(fields.texts(key));
    Fields in_table(*json, path_to(fields.path(), key), fields.first());
    in_table.only({"names"});
    const auto numbers = tables.numbers(in_table.texts("names"), tables.names.size());
    std::size_t bytes = 0;
    Set::Elements names;
    for (const std::size_t number : numbers.value_or(std::vector<std::size_t>())) {
        names.push_back(tables.names[number]);
        bytes += names.back().size() + sizeof(std::string);
    }
    if (numbers && tables.take(bytes)) return Set::of(std::move(names));
    in_table.complain({Code::bad_input, in_table.path() + ": no such names"});
    return {};
}

Change change_from(Fields fields, Tables& tables) {
    Change out;
    out.address = address_from(fields);
    if (!fields.ok()) return out;
    const Setting& row = *out.address.setting;
    if (row.access == Access::fact)
        fields.complain({Code::bad_input, fmt::format("{}: {} is only read, never written", fields.path(), row.name)});
    out.rules = rules_from(fields);
    out.grade = grade_from(fields);
    out.premises = premises_of(fields, out.address, tables);
    if (row.type == Type::set) {
        fields.only({"object", "setting", "before", "add", "remove", "keeps", "vanished", "rules", "premises", "risk",
                     "risk_because"});
        const Set before = list_from(fields, "before", tables), add = list_from(fields, "add", tables);
        const Set remove = list_from(fields, "remove", tables);
        out.keeps = list_from(fields, "keeps", tables);
        out.before = before;
        if (!fields.ok()) return out;
        const Set gone = taken_as_gone(out);
        if (!covers(row.key, remove, gone) || (!gone.empty() && row.elements != ElementForm::services))
            fields.complain({Code::bad_input, fields.path() + ": what has vanished is nothing that it removes"});
        out.after = unite(row.key, subtract(row.key, before, remove), add);
    } else {
        fields.only({"object", "setting", "before", "after", "rules", "premises", "risk", "risk_because"});
        out.before = value(fields, "before", row);
        out.after = value(fields, "after", row);
    }
    if (fields.ok() && out.before == out.after) fields.complain({Code::bad_input, fields.path() + " changes nothing"});
    return out;
}

Phase phase_from(Fields fields, Tables& tables, const PathPicture& picture) {
    constexpr Bounds waves = {1, 1'000'000};
    fields.only({"phase", "wave", "canary", "changes", "paths", "closes", "closed", "opened", "then", "path_letters"});
    Phase out;
    out.kind = fields.word("phase", all_phases);
    if (find(*fields.json(), "wave")) out.wave = fields.integer("wave", waves);
    if (out.wave > 0 && out.kind != PhaseKind::hosts)
        fields.complain({Code::bad_input, fields.path() + ": only hosts are changed in waves"});
    out.canary = find(*fields.json(), "canary") && fields.boolean("canary");
    fields.each("changes", [&](Fields change) { out.changes.push_back(change_from(change, tables)); });
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    out.closes = fields.integer("closes", {0, 1'000'000'000'000});
    if (find(*fields.json(), "closed"))
        fields.each("closed", [&](Fields closed) { out.closed.push_back(step_paths_from(closed)); });
    if (find(*fields.json(), "opened"))
        fields.each("opened", [&](Fields opened) { out.opened.push_back(step_paths_from(opened)); });
    if (find(*fields.json(), "then")) fields.map("then", [&](Fields then) { out.then = then_from(then); });
    if (find(*fields.json(), "path_letters")) out.letters = letters_from(fields, picture);
    return out;
}

Finding note_from(Fields fields) {
    constexpr std::array verdicts = {Verdict::excepted,   Verdict::conflict, Verdict::absent,
                                     Verdict::unreadable, Verdict::unknown,  Verdict::busy};
    constexpr std::array severities = {Severity::low, Severity::medium, Severity::high, Severity::critical};
    fields.only({"object", "setting", "verdict", "rule", "severity", "because"});
    Finding out;
    out.address = address_from(fields);
    out.verdict = fields.word("verdict", verdicts);
    out.severity = fields.word("severity", severities);
    out.rule = fields.text("rule");
    out.because = fields.text("because");
    return out;
}

Rehearsed rehearsed_from(Fields fields) {
    constexpr Bounds changes = {0, 1'000'000'000};
    fields.only({"exact", "others"});
    return {.exact = static_cast<std::size_t>(fields.integer("exact", changes)), .others = fields.texts("others")};
}

Plan plan_from(Fields fields) {
    fields.only({"fairway_plan", "purpose",      "estate",          "inventory_sha256",
                 "found",        "found_since",  "source",          "source_sha256",
                 "ticket",       "limits",       "allowed",         "rollout",
                 "not_covered",  "paths",        "premises",        "names",
                 "phases",       "notes",        "estate_findings", "rehearsed",
                 "run_rules",    "path_letters", "digest"});
    Plan out;
    out.purpose = fields.word("purpose", std::array{Purpose::apply, Purpose::rollback});
    out.estate = fields.text("estate");
    out.inventory_digest = fields.text("inventory_sha256");
    if (find(*fields.json(), "found")) out.found = fields.texts("found");
    if (find(*fields.json(), "found_since"))
        fields.map("found_since", [&](Fields since) { out.since = found_since_from(since); });
    out.source = fields.text("source");
    out.source_digest = fields.text("source_sha256");
    out.ticket = fields.text("ticket");
    if (find(*fields.json(), "limits")) fields.map("limits", [&](Fields limits) { out.limits = limits_from(limits); });
    if (find(*fields.json(), "allowed")) out.allowed = allowed_from(fields);
    if (find(*fields.json(), "rollout"))
        fields.map("rollout", [&](Fields rollout) { out.rollout = rollout_from(rollout); });
    if (find(*fields.json(), "run_rules"))
        fields.map("run_rules", [&](Fields rules) { out.run_rules = run_rules_from(rules); });
    if (find(*fields.json(), "not_covered"))
        fields.each("not_covered", [&](Fields one) { out.not_covered.push_back(not_covered_from(one)); });
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    if (find(*fields.json(), "path_letters"))
        fields.map("path_letters", [&](Fields letters) { out.picture = picture_from(letters); });
    Tables tables;
    if (find(*fields.json(), "premises"))
        fields.each("premises",
                    [&](Fields one) { tables.premises.push_back(std::make_shared<const Premise>(premise_from(one))); });
    if (find(*fields.json(), "names")) tables.names = fields.texts("names");
    fields.each("phases", [&](Fields phase) { out.phases.push_back(phase_from(phase, tables, out.picture)); });
    fields.each("notes", [&](Fields note) { out.notes.push_back(note_from(note)); });
    if (find(*fields.json(), "estate_findings"))
        fields.each("estate_findings", [&](Fields one) { out.estate_findings.push_back(estate_finding_from(one)); });
    if (find(*fields.json(), "rehearsed"))
        fields.map("rehearsed", [&](Fields rehearsed) { out.rehearsed = rehearsed_from(rehearsed); });
    return out;
}

}  // namespace

Json PlanFile::json() const { return *parse_json(bytes_, plan_limits); }

Result<PlanFile> parse_plan(std::string text) {
    const Result<Json> json = parse_json(text, plan_limits);
    if (!json) return fail(Code::bad_input, "this is no plan: " + json.error().text);
    std::optional<Error> wrong;
    Fields fields(*json, {}, wrong);
    const std::int64_t version = fields.integer("fairway_plan", {});
    if (!wrong && (version < oldest_version || version > plan_format))
        return fail(Code::bad_input, fmt::format("this is a plan of format {}; this Fairway reads formats {} to {}",
                                                 version, oldest_version, plan_format));
    static_cast<void>(fields.text("digest"));
    Plan plan = plan_from(fields);
    if (wrong) return fail(wrong->code, "this is no plan: " + wrong->text);
    if (!has_its_digest(text))
        return fail(Code::bad_input,
                    "the plan was edited after it was made: its content does not match its digest; make it again with "
                    "`fairway plan`");
    return PlanFile(std::move(plan), std::move(text));
}

}  // namespace fairway
