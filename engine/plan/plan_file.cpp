// See plan_file.hpp.
#include "engine/plan/plan_file.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <unordered_map>

#include "engine/base/characters.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/fields.hpp"
#include "engine/base/text.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/name_form.hpp"
#include "engine/model/run.hpp"
#include "engine/model/value_json.hpp"
#include "engine/plan/closed_by.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/estate.hpp"
#include "engine/plan/premises.hpp"

namespace fairway {
namespace {

constexpr std::int64_t format_version = 2, oldest_version = 1;
constexpr JsonLimits plan_limits = {.bytes = 1u << 30, .depth = 16};

Json to_json(const PathCount& paths) {
    return {{"open", paths.open}, {"closed", paths.closed}, {"unknown", paths.unknown}};
}

// The premises of a plan, each once, in the order in which its changes come to them: changes name them by number.
class Table {
public:
    explicit Table(const Plan& plan) {
        for (const Change* change : numbered(plan))
            for (const auto& one : change->premises) take(*one);
    }
    const std::vector<const Premise*>& all() const { return all_; }

    // "3", or "3-17": what a change names stands side by side mostly.
    std::vector<std::string> numbers(const Premises& premises) const {
        std::vector<std::string> out;
        for (auto it = premises.begin(); it != premises.end();) {
            const std::size_t first = numbers_.at(it->get());
            std::size_t last = first;
            while (++it != premises.end() && numbers_.at(it->get()) == last + 1) ++last;
            out.push_back(first == last ? std::to_string(first) : fmt::format("{}-{}", first, last));
        }
        return out;
    }

private:
    void take(const Premise& premise) {
        const auto [it, fresh] = numbers_.try_emplace(&premise, all_.size());
        if (!fresh) return;
        auto& same_place = places_[premise.address];
        for (const std::size_t other : same_place)
            if (*all_[other] == premise) {
                it->second = other;
                return;
            }
        same_place.push_back(all_.size());
        all_.push_back(&premise);
    }

    std::vector<const Premise*> all_;
    std::unordered_map<const Premise*, std::size_t> numbers_;
    std::map<Address, std::vector<std::size_t>> places_;
};

void print(JsonWriter& to, const Premise& premise) {
    to.open_map();
    to.put("object", premise.address.object);
    to.put("setting", premise.address.setting->name);
    if (premise.holds) to.put("holds", fairway::to_json(*premise.holds));
    to.put("why", premise.why);
    to.close();
}

void print(JsonWriter& to, const Change& change, const Table& table) {
    to.open_map();
    to.put("object", change.address.object);
    to.put("setting", change.address.setting->name);
    if (const Set* before = as_set(change.before)) {
        const Key key = change.address.setting->key;
        to.list("before", before->elements());
        to.list("add", subtract(key, *as_set(change.after), *before).elements());
        to.list("remove", subtract(key, *before, *as_set(change.after)).elements());
        to.list("keeps", change.keeps.elements());
    } else {
        to.put("before", fairway::to_json(change.before));
        to.put("after", fairway::to_json(change.after));
    }
    to.list("rules", change.rules);
    if (!change.grade.because.empty()) {
        to.put("risk", name(change.grade.risk));
        to.put("risk_because", change.grade.because);
    }
    if (!change.premises.empty()) to.list("premises", table.numbers(change.premises));
    to.close();
}

Json to_json(const Limits& limits) {
    Json out = Json::object();
    if (limits.hosts) out["hosts"] = *limits.hosts;
    if (limits.hosts_percent) out["hosts_percent"] = *limits.hosts_percent;
    out["risk"] = name(limits.risk);
    if (limits.paths_closed) out["paths_closed"] = *limits.paths_closed;
    if (limits.rollbacks) out["rollbacks"] = true;
    return out;
}

Json to_json(const Finding& note) {
    return {{"object", note.address.object},   {"setting", note.address.setting->name},
            {"verdict", name(note.verdict)},   {"rule", note.rule},
            {"severity", name(note.severity)}, {"because", note.because}};
}

// About how many bytes the lists of names take, which are most of a large plan.
std::size_t size_of_lists(const Plan& plan) {
    constexpr std::size_t around = 16;  // quotes, comma, line and indentation
    const auto size_of = [](const Value& value) {
        std::size_t out = 0;
        if (const Set* set = as_set(value))
            for (const std::string_view element : *set) out += element.size() + around;
        return out;
    };
    std::size_t out = 0;
    for (const Phase& phase : plan.phases)
        for (const Change& change : phase.changes) out += std::max(size_of(change.before), size_of(change.after));
    return out;
}

// The file up to its digest; written part by part, so that a large plan never stands in memory as a tree.
std::string body(const Plan& plan) {
    JsonWriter to(2);
    to.expect(size_of_lists(plan));
    to.open_map();
    to.put("fairway_plan", format_version);
    to.put("purpose", name(plan.purpose));
    to.put("estate", plan.estate);
    to.put("inventory_sha256", plan.inventory_digest);
    if (!plan.found.empty()) to.list("found", plan.found);
    if (plan.since) to.put("found_since", to_json(*plan.since));
    to.put("source", plan.source);
    to.put("source_sha256", plan.source_digest);
    to.put("ticket", plan.ticket);
    if (plan.limits) to.put("limits", to_json(*plan.limits));
    if (!plan.not_covered.empty()) to.put("not_covered", to_json(plan.not_covered));
    to.put("paths", to_json(plan.paths));
    const Table table(plan);
    if (!table.all().empty()) {
        to.open_list("premises");
        for (const Premise* premise : table.all()) print(to, *premise);
        to.close();
    }
    to.open_list("phases");
    for (const Phase& phase : plan.phases) {
        to.open_map();
        to.put("phase", name(phase.kind));
        to.open_list("changes");
        for (const Change& change : phase.changes) print(to, change, table);
        to.close();
        to.put("paths", to_json(phase.paths));
        to.put("closes", phase.closes);
        if (!phase.closed.empty()) to.open_list("closed");
        for (const ClosedBy& one : phase.closed) to.put({}, to_json(one));
        if (!phase.closed.empty()) to.close();
        to.close();
    }
    to.close();
    to.open_list("notes");
    for (const Finding& note : plan.notes) to.put({}, to_json(note));
    to.close();
    if (!plan.estate_findings.empty()) {
        to.open_list("estate_findings");
        for (const EstateFinding& finding : plan.estate_findings) to.put({}, to_json(finding));
        to.close();
    }
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

Limits limits_from(Fields fields) {
    constexpr Bounds counts = {0, 1'000'000'000};
    fields.only({"hosts", "hosts_percent", "risk", "paths_closed", "rollbacks"});
    const auto count = [&](std::string_view key) {
        return find(*fields.json(), key) ? std::optional(fields.integer(key, counts)) : std::nullopt;
    };
    return {.hosts_percent = count("hosts_percent"),
            .hosts = count("hosts"),
            .risk = fields.word("risk", all_risks),
            .paths_closed = count("paths_closed"),
            .rollbacks = find(*fields.json(), "rollbacks") && fields.boolean("rollbacks")};
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

using Numbered = std::vector<Premises::Shared>;

Premise premise_from(Fields fields) {
    fields.only({"object", "setting", "holds", "why"});
    Premise out;
    out.address = address_from(fields);
    out.why = fields.text("why");
    if (fields.ok() && find(*fields.json(), "holds")) out.holds = value(fields, "holds", *out.address.setting);
    return out;
}

// Plans of format 1 knew one premise, and had it in the change.
Premises premises_of(Fields& fields, const Address& address, const Numbered& all) {
    Premises out;
    if (find(*fields.json(), "vanished"))
        out.add(premise(address.object, setting::delegation_vanished, Value(Set(fields.texts("vanished")))));
    if (!find(*fields.json(), "premises")) return out;
    for (const std::string& range : fields.texts("premises")) {
        const auto dash = range.find('-');
        const auto first = text::number<std::size_t>(std::string_view(range).substr(0, dash));
        const auto last = dash == std::string::npos ? first : text::number<std::size_t>(range.substr(dash + 1));
        if (!first || !last || *last < *first || *last >= all.size()) {
            fields.complain({Code::bad_input, path_to(fields.path(), "premises") + ": no such premise"});
            return out;
        }
        for (std::size_t i = *first; i <= *last; ++i) out.append(all[i]);
    }
    return out;
}

Change change_from(Fields fields, const Numbered& all) {
    Change out;
    out.address = address_from(fields);
    if (!fields.ok()) return out;
    const Setting& row = *out.address.setting;
    if (row.access != Access::managed)
        fields.complain({Code::bad_input, fmt::format("{}: {} is only read, never written", fields.path(), row.name)});
    out.before = value(fields, "before", row);
    out.rules = rules_from(fields);
    out.grade = grade_from(fields);
    out.premises = premises_of(fields, out.address, all);
    if (row.type == Type::set) {
        fields.only({"object", "setting", "before", "add", "remove", "keeps", "vanished", "rules", "premises", "risk",
                     "risk_because"});
        out.keeps = Set(fields.texts("keeps"));
        const Value add = value(fields, "add", row), remove = value(fields, "remove", row);
        if (!fields.ok()) return out;
        const Set gone = taken_as_gone(out);
        if (!covers(row.key, *as_set(remove), gone) || (!gone.empty() && &row != &setting::delegation_services))
            fields.complain({Code::bad_input, fields.path() + ": what has vanished is nothing that it removes"});
        out.after = unite(row.key, subtract(row.key, *as_set(out.before), *as_set(remove)), *as_set(add));
    } else {
        fields.only({"object", "setting", "before", "after", "rules", "premises", "risk", "risk_because"});
        out.after = value(fields, "after", row);
    }
    if (fields.ok() && out.before == out.after) fields.complain({Code::bad_input, fields.path() + " changes nothing"});
    return out;
}

Phase phase_from(Fields fields, const Numbered& all) {
    fields.only({"phase", "changes", "paths", "closes", "closed"});
    Phase out;
    out.kind = fields.word("phase", all_phases);
    fields.each("changes", [&](Fields change) { out.changes.push_back(change_from(change, all)); });
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    out.closes = fields.integer("closes", {0, 1'000'000'000'000});
    if (find(*fields.json(), "closed"))
        fields.each("closed", [&](Fields closed) { out.closed.push_back(closed_by_from(closed)); });
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
    fields.only({"fairway_plan", "purpose", "estate", "inventory_sha256", "found", "found_since", "source",
                 "source_sha256", "ticket", "limits", "not_covered", "paths", "premises", "phases", "notes", "estate_findings",
                 "digest"});
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
    if (find(*fields.json(), "not_covered"))
        fields.each("not_covered", [&](Fields one) { out.not_covered.push_back(not_covered_from(one)); });
    fields.map("paths", [&](Fields paths) { out.paths = paths_from(paths); });
    Numbered premises;
    if (find(*fields.json(), "premises"))
        fields.each("premises", [&](Fields one) {
            premises.push_back(std::make_shared<const Premise>(premise_from(one)));
        });
    fields.each("phases", [&](Fields phase) { out.phases.push_back(phase_from(phase, premises)); });
    fields.each("notes", [&](Fields note) { out.notes.push_back(note_from(note)); });
    if (find(*fields.json(), "estate_findings"))
        fields.each("estate_findings", [&](Fields one) { out.estate_findings.push_back(estate_finding_from(one)); });
    return out;
}

}  // namespace

std::string print_plan(const Plan& plan) {
    std::string file = body(plan);
    const std::string digest = sha256(file);
    return file.append(digest_key).append(digest).append(file_end);
}

std::string_view digest_in(std::string_view file) {
    return digested(file).empty() ? std::string_view() : file.substr(digested(file).size() + digest_key.size(), digest_size);
}

std::string digest_of(const Plan& plan) { return sha256(body(plan)); }

Result<Plan> parse_plan(std::string_view text) {
    const Result<Json> json = parse_json(text, plan_limits);
    if (!json) return fail(Code::bad_input, "this is no plan: " + json.error().text);
    std::optional<Error> wrong;
    Fields fields(*json, {}, wrong);
    const std::int64_t version = fields.integer("fairway_plan", {});
    if (!wrong && (version < oldest_version || version > format_version))
        return fail(Code::bad_input, fmt::format("this is a plan of format {}; this Fairway reads formats {} to {}",
                                                 version, oldest_version, format_version));
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
