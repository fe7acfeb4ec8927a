// See plan_file.hpp.
#include "engine/plan/plan_file.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/digest.hpp"
#include "engine/base/fields.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/value_json.hpp"

namespace fairway {
namespace {

constexpr std::int64_t format_version = 1;
constexpr JsonLimits plan_limits = {.bytes = 1u << 30, .depth = 16};

Json to_json(const PathCount& paths) {
    return {{"open", paths.open}, {"closed", paths.closed}, {"unknown", paths.unknown}};
}

void print(JsonWriter& to, const Change& change) {
    to.open_map();
    to.put("object", change.address.object);
    to.put("setting", change.address.setting->name);
    if (const Set* before = as_set(change.before)) {
        const Key key = change.address.setting->key;
        to.list("before", before->elements());
        to.list("add", subtract(key, *as_set(change.after), *before).elements());
        to.list("remove", subtract(key, *before, *as_set(change.after)).elements());
        to.list("keeps", change.keeps.elements());
        if (!change.vanished.empty()) to.list("vanished", change.vanished.elements());
    } else {
        to.put("before", fairway::to_json(change.before));
        to.put("after", fairway::to_json(change.after));
    }
    to.list("rules", change.rules);
    to.close();
}

Json to_json(const Finding& note) {
    return {{"object", note.address.object},   {"setting", note.address.setting->name},
            {"verdict", name(note.verdict)},   {"rule", note.rule},
            {"severity", name(note.severity)}, {"because", note.because}};
}

// The file up to its digest; written part by part, so that a large plan never stands in memory as a tree.
std::string body(const Plan& plan) {
    JsonWriter to(2);
    to.open_map();
    to.put("fairway_plan", format_version);
    to.put("purpose", name(plan.purpose));
    to.put("estate", plan.estate);
    to.put("inventory_sha256", plan.inventory_digest);
    if (!plan.found.empty()) to.list("found", plan.found);
    to.put("source", plan.source);
    to.put("source_sha256", plan.source_digest);
    to.put("ticket", plan.ticket);
    to.put("paths", to_json(plan.paths));
    to.open_list("phases");
    for (const Phase& phase : plan.phases) {
        to.open_map();
        to.put("phase", name(phase.kind));
        to.open_list("changes");
        for (const Change& change : phase.changes) print(to, change);
        to.close();
        to.put("paths", to_json(phase.paths));
        to.put("closes", phase.closes);
        to.close();
    }
    to.close();
    to.open_list("notes");
    for (const Finding& note : plan.notes) to.put({}, to_json(note));
    to.close();
    return to.take();
}

// The digest is the last key of the file, over every byte before it: to check it, nothing need be printed.
constexpr std::string_view digest_key = ",\n  \"digest\": \"";
constexpr std::string_view file_end = "\"\n}\n";
constexpr std::size_t digest_size = 64;

// The file without its digest and end; empty if it does not end as our files do.
std::string_view digested(std::string_view file) {
    const std::size_t tail = digest_key.size() + digest_size + file_end.size();
    if (file.size() < tail || !file.ends_with(file_end)) return {};
    const std::string_view head = file.substr(0, file.size() - tail);
    return file.substr(head.size()).starts_with(digest_key) ? head : std::string_view();
}

PathCount paths_from(Fields fields) {
    constexpr Bounds counts = {0, 1'000'000'000'000};
    fields.only({"open", "closed", "unknown"});
    PathCount out;
    out.open = fields.integer("open", counts);
    out.closed = fields.integer("closed", counts);
    out.unknown = fields.integer("unknown", counts);
    return out;
}

Address address_from(Fields& fields) {
    Address out{fields.text("object"), find_setting(fields.text("setting"))};
    if (!out.setting) fields.complain({Code::bad_input, path_to(fields.path(), "setting") + ": unknown setting"});
    return out;
}

Value value(Fields& fields, std::string_view key, const Setting& setting) {
    const Json* json = fields.raw(key);
    return json ? fields.take(value_from_json(setting, *json, path_to(fields.path(), key))) : Value{};
}

Change change_from(Fields fields) {
    Change out;
    out.address = address_from(fields);
    if (!fields.ok()) return out;
    const Setting& row = *out.address.setting;
    if (row.access != Access::managed)
        fields.complain({Code::bad_input, fmt::format("{}: {} is only read, never written", fields.path(), row.name)});
    out.before = value(fields, "before", row);
    out.rules = fields.texts("rules");
    if (row.type == Type::set) {
        fields.only({"object", "setting", "before", "add", "remove", "keeps", "vanished", "rules"});
        out.keeps = Set(fields.texts("keeps"));
        if (find(*fields.json(), "vanished")) out.vanished = Set(fields.texts("vanished"));
        const Value add = value(fields, "add", row), remove = value(fields, "remove", row);
        if (!fields.ok()) return out;
        if (!covers(row.key, *as_set(remove), out.vanished) ||
            (!out.vanished.empty() && &row != &setting::delegation_services))
            fields.complain({Code::bad_input, fields.path() + ": what has vanished is nothing that it removes"});
        out.after = unite(row.key, subtract(row.key, *as_set(out.before), *as_set(remove)), *as_set(add));
    } else {
        fields.only({"object", "setting", "before", "after", "rules"});
        out.after = value(fields, "after", row);
    }
    if (fields.ok() && out.before == out.after) fields.complain({Code::bad_input, fields.path() + " changes nothing"});
    return out;
}

Phase phase_from(Fields fields) {
    fields.only({"phase", "changes", "paths", "closes"});
    Phase out;
    out.kind = fields.word("phase", all_phases);
    fields.each("changes", [&](Fields change) { out.changes.push_back(change_from(change)); });
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    out.closes = fields.integer("closes", {0, 1'000'000'000'000});
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

Plan plan_from(Fields fields) {
    fields.only({"fairway_plan", "purpose", "estate", "inventory_sha256", "found", "source", "source_sha256", "ticket",
                 "paths", "phases", "notes", "digest"});
    Plan out;
    out.purpose = fields.word("purpose", std::array{Purpose::apply, Purpose::rollback});
    out.estate = fields.text("estate");
    out.inventory_digest = fields.text("inventory_sha256");
    if (find(*fields.json(), "found")) out.found = fields.texts("found");
    out.source = fields.text("source");
    out.source_digest = fields.text("source_sha256");
    out.ticket = fields.text("ticket");
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    fields.each("phases", [&](Fields phase) { out.phases.push_back(phase_from(phase)); });
    fields.each("notes", [&](Fields note) { out.notes.push_back(note_from(note)); });
    return out;
}

}  // namespace

std::string print_plan(const Plan& plan) {
    std::string file = body(plan);
    const std::string digest = sha256(file);
    return file.append(digest_key).append(digest).append(file_end);
}

std::string digest_of(const Plan& plan) { return sha256(body(plan)); }

Result<Plan> parse_plan(std::string_view text) {
    const Result<Json> json = parse_json(text, plan_limits);
    if (!json) return fail(Code::bad_input, "this is no plan: " + json.error().text);
    std::optional<Error> wrong;
    Fields fields(*json, {}, wrong);
    const std::int64_t version = fields.integer("fairway_plan", {});
    if (!wrong && version != format_version)
        return fail(Code::bad_input,
                    fmt::format("this is a plan of format {}; this Fairway reads format {}", version, format_version));
    const std::string digest = fields.text("digest");
    Plan plan = plan_from(fields);
    if (wrong) return fail(wrong->code, "this is no plan: " + wrong->text);
    if (sha256(digested(text)) != digest)
        return fail(Code::bad_input,
                    "the plan was edited after it was made: its content does not match its digest; make it again with "
                    "`fairway plan`");
    return plan;
}

}  // namespace fairway
