// See entries.hpp.
#include "engine/journal/entries.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/plan/limits.hpp"

namespace fairway {
namespace {

constexpr Bounds any_duration = {0, 1'000'000'000'000};  // milliseconds

void take_replicas(Run& run, Fields& fields) {
    if (!find(*fields.json(), "replicas")) return;
    fields.each("replicas", [&](Fields one) {
        run.replicas.push_back({one.text("domain"), one.text("server"), one.text("id")});
    });
}

void begin_of(Run& run, std::int64_t at, Fields& fields, std::string& plan_text) {
    plan_text = fields.text("plan");
    run.who = fields.text("who");
    run.host = fields.text("host");
    run.rolls_back = fields.text("rolls_back");
    run.started = at;
    take_replicas(run, fields);
    if (find(*fields.json(), "allowed")) run.allowed = allowed_from(fields);
    if (find(*fields.json(), "term"))
        fields.map("term", [&](Fields term) {
            run.terms.push_back({term.integer("until", any_time), term.text("reason"), run.who, run.host, at});
        });
}

void take_extension(Run& run, const JournalEntry& entry, Fields& fields) {
    run.terms.push_back(
        {fields.integer("until", any_time), fields.text("reason"), fields.text("who"), fields.text("host"), entry.at});
}

void take_gate(Run& run, const JournalEntry& entry, Fields& fields) {
    run.gates.push_back({.phase = fields.text("phase"),
                         .gate = fields.text("gate"),
                         .passed = fields.boolean("passed"),
                         .saw = fields.texts("saw"),
                         .at = entry.at});
}

struct MoreRow {
    std::string_view kind;
    void (*take)(Run& run, const JournalEntry& entry, Fields& fields);
};
constexpr std::array more_rows = {
    MoreRow{extension_kind, take_extension},
    MoreRow{expiry_kind, [](Run& run, const JournalEntry&, Fields&) { run.expired = true; }},
    MoreRow{gate_kind, take_gate},
};

const MoreRow* find_more(std::string_view kind) {
    const auto row =
        std::find_if(more_rows.begin(), more_rows.end(), [&](const MoreRow& one) { return one.kind == kind; });
    return row == more_rows.end() ? nullptr : &*row;
}

// Missing of a complete run and in older entries.
std::string reason_of(Fields& fields) { return find(*fields.json(), "reason") ? fields.text("reason") : std::string(); }

}  // namespace

Result<Json> body_of(const JournalEntry& entry) {
    constexpr JsonLimits limits = {.bytes = std::size_t{1} << 31, .depth = 8};
    Result<Json> json = parse_json(entry.body, limits);
    if (!json)
        return fail(Code::storage, fmt::format("journal entry {} cannot be read: {}", entry.number, json.error().text));
    return json;
}

bool to_skip(const JournalEntry& entry) { return entry.kind.ends_with('?'); }

bool says_more(const JournalEntry& entry) { return find_more(entry.kind) != nullptr; }

void take_entry(Run& run, const JournalEntry& entry, Fields fields, std::string& plan_text) {
    if (entry.kind == "begin") return begin_of(run, entry.at, fields, plan_text);
    if (const MoreRow* more = find_more(entry.kind)) return more->take(run, entry, fields);
    const bool ends = entry.kind == "end";
    run.ended = ends ? entry.at : 0;
    run.end = ends ? fields.text("end") : std::string();
    run.reason = ends ? reason_of(fields) : std::string();
    run.because = ends ? fields.text("note") : std::string();
    if (ends) return;
    const auto number = static_cast<std::size_t>(fields.integer("change", any_number));
    if (entry.kind == "intent") {
        run.steps.push_back({.number = number, .outcome = {}, .note = {}, .intended = entry.at, .entry = entry.number});
        take_replicas(run, fields);
        return;
    }
    const Outcome outcome = fields.word("outcome", all_outcomes);
    for (auto it = run.steps.rbegin(); it != run.steps.rend(); ++it) {
        if (it->number != number) continue;
        if (find(*fields.json(), "sent") && !fields.boolean("sent")) {
            run.steps.erase(std::next(it).base());
            return;
        }
        it->outcome = outcome;
        it->answer = entry.number;
        it->settled = entry.at;
        it->note = fields.text("note");
        if (find(*fields.json(), "ms")) it->took_ms = fields.integer("ms", any_duration);
        return;
    }
    fields.complain({Code::storage, fmt::format("an outcome of change {} without an intent", number)});
}

RunLine line_of(const JournalEntry& begin, Fields fields) {
    std::int64_t until = 0;
    if (find(*fields.json(), "term")) fields.map("term", [&](Fields term) { until = term.integer("until", any_time); });
    return {.id = begin.run,
            .estate = fields.text("estate"),
            .ticket = fields.text("ticket"),
            .source = fields.text("source"),
            .who = fields.text("who"),
            .host = fields.text("host"),
            .end = {},
            .reason = {},
            .rolls_back = fields.text("rolls_back"),
            .purpose = fields.text("purpose") == "rollback" ? Purpose::rollback : Purpose::apply,
            .started = begin.at,
            .changes = static_cast<std::size_t>(fields.integer("changes", any_number)),
            .plan_digest = std::string(digest_in(fields.text("plan"))),
            .until = until};
}

void take_entry(RunLine& line, const JournalEntry& entry, Fields fields) {
    if (entry.kind == extension_kind) {
        line.until = fields.integer("until", any_time);
        return;
    }
    const bool ends = entry.kind == "end";
    line.ended = ends ? entry.at : 0;
    line.end = ends ? fields.text("end") : std::string();
    line.reason = ends ? reason_of(fields) : std::string();
}

}  // namespace fairway
