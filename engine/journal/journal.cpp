// See journal.hpp.
#include "engine/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/base/clock.hpp"
#include "engine/base/fields.hpp"
#include "engine/base/json.hpp"
#include "engine/journal/entries.hpp"
#include "engine/plan/limits.hpp"

namespace fairway {
namespace {

Json plain(std::span<const Replica> replicas) {
    Json out = Json::array();
    for (const Replica& one : replicas) out.push_back({{"domain", one.domain}, {"server", one.server}, {"id", one.id}});
    return out;
}

constexpr std::size_t most_kept = 64u << 20;  // bytes of plans that are kept in memory

// The begin of a run says how many changes its plan has; no entry may speak of another one.
Result<void> fits(const Run& run, std::size_t changes) {
    const auto beyond = [&](const Step& step) { return step.number >= changes; };
    if (run.plan.size() == changes && std::none_of(run.steps.begin(), run.steps.end(), beyond)) return {};
    return fail(Code::storage,
                fmt::format("the entries of run {} do not fit its plan of {} changes", run.id, run.plan.size()));
}

JournalEntry entry_of(const std::string& run, std::string_view kind, std::int64_t at, const Json& body) {
    return {.run = run, .kind = std::string(kind), .at = at, .body = print_json(body, -1), .hash = {}};
}

constexpr std::string_view contact_kind = "contact?";
constexpr std::array all_contacts = {Contact::What::probe, Contact::What::rehearsal_begins, Contact::What::rehearsal};

// A newer Fairway may note something else.
bool is_known_contact(const Json& body) {
    const Json* what = find(body, "what");
    return std::any_of(all_contacts.begin(), all_contacts.end(), [&](Contact::What known) {
        return what != nullptr && what->is_string() && what->get<std::string>() == name(known);
    });
}

Contact contact_of(std::int64_t at, Fields fields) {
    Contact out{.what = fields.word("what", all_contacts),
                .estate = fields.text("estate"),
                .host = fields.text("host"),
                .who = fields.text("who"),
                .machine = fields.text("machine"),
                .outcome = fields.text("outcome"),
                .holds = fields.integer("holds", any_number),
                .refuted = fields.integer("refuted", any_number),
                .untried = fields.integer("untried", any_number),
                .at = at};
    if (const Json* build = fields.raw("build"); build && !build->is_null())
        out.build = fields.integer("build", any_number);
    return out;
}

}  // namespace

Result<Journal> Journal::open_to_read(const std::string& path) {
    auto file = JournalFile::open_to_read(path);
    if (!file) return tl::unexpected(file.error());
    return Journal(std::move(*file));
}

Result<Journal> Journal::open_to_append(const std::string& path) {
    auto file = JournalFile::open_to_append(path);
    if (!file) return tl::unexpected(file.error());
    return Journal(std::move(*file));
}

Result<void> Journal::append(const std::string& run, std::string_view kind, std::int64_t at, const Json& body) {
    return file_.append({entry_of(run, kind, at, body)});
}

Result<std::string> Journal::begin(const PlanFile& plan, const RunHeading& heading, std::int64_t now) {
    const std::string today = show_date(now) + "-";
    const auto earlier = std::count_if(file_.entries().begin(), file_.entries().end(), [&](const JournalEntry& entry) {
        return entry.kind == "begin" && entry.run.starts_with(today);
    });
    std::string id = fmt::format("{}{:02}", today, earlier + 1);
    Json body = {{"replicas", plain(heading.replicas)},
                 {"estate", plan->estate},
                 {"purpose", name(plan->purpose)},
                 {"source", plan->source},
                 {"ticket", plan->ticket},
                 {"changes", plan->size()},
                 {"who", heading.who},
                 {"host", heading.host},
                 {"rolls_back", heading.rolls_back},
                 {"plan", plan.bytes()}};
    if (!heading.allowed.empty()) body["allowed"] = to_json(heading.allowed);
    if (heading.term) body["term"] = {{"until", heading.term->until}, {"reason", heading.term->reason}};
    if (auto written = append(id, "begin", now, body); !written) return tl::unexpected(written.error());
    return id;
}

Result<void> Journal::intend(const std::string& run, std::span<const std::size_t> changes, std::int64_t now,
                             std::span<const Replica> moved) {
    std::vector<JournalEntry> entries;
    for (const std::size_t change : changes) {
        Json body = {{"change", change}};
        if (!moved.empty() && entries.empty()) body["replicas"] = plain(moved);
        entries.push_back(entry_of(run, "intent", now, body));
    }
    return file_.append(std::move(entries));
}

Result<void> Journal::record(const std::string& run, std::span<const StepOutcome> changes, std::int64_t now) {
    std::vector<JournalEntry> entries;
    for (const StepOutcome& one : changes) {
        Json body = {{"change", one.change}, {"outcome", name(one.outcome)}, {"note", one.note}};
        if (!one.sent) body["sent"] = false;
        if (one.took_ms > 0) body["ms"] = one.took_ms;
        entries.push_back(entry_of(run, "outcome", now, body));
    }
    return file_.append(std::move(entries));
}

Result<void> Journal::record(const std::string& run, const GateSeen& seen) {
    return append(run, gate_kind, seen.at,
                  {{"phase", seen.phase}, {"gate", seen.gate}, {"passed", seen.passed}, {"saw", seen.saw}});
}

Result<void> Journal::end(const std::string& run, std::string_view end, const std::string& note, std::int64_t now,
                          std::string_view reason) {
    Json body = {{"end", end}, {"note", note}};
    if (!reason.empty()) body["reason"] = reason;
    return append(run, "end", now, body);
}

Result<void> Journal::extend(const std::string& run, const Term& term) {
    return append(run, extension_kind, term.at,
                  {{"until", term.until}, {"reason", term.reason}, {"who", term.who}, {"host", term.host}});
}

Result<void> Journal::expire(const std::string& run, const std::string& who, const std::string& host,
                             std::int64_t now) {
    return append(run, expiry_kind, now, {{"who", who}, {"host", host}});
}

Result<void> Journal::note(const Contact& contact) {
    return append({}, contact_kind, contact.at,
                  {{"what", name(contact.what)},
                   {"estate", contact.estate},
                   {"host", contact.host},
                   {"who", contact.who},
                   {"machine", contact.machine},
                   {"outcome", contact.outcome},
                   {"build", contact.build ? Json(*contact.build) : Json()},
                   {"holds", contact.holds},
                   {"refuted", contact.refuted},
                   {"untried", contact.untried}});
}

Result<std::vector<Contact>> Journal::contacts() const {
    std::vector<Contact> out;
    std::optional<Error> wrong;
    for (const JournalEntry& entry : file_.entries()) {
        if (entry.kind != contact_kind) continue;
        const Result<Json> body = body_of(entry);
        if (!body) return tl::unexpected(body.error());
        if (!is_known_contact(*body)) continue;
        out.push_back(contact_of(entry.at, Fields(*body, {}, wrong)));
        if (wrong) return tl::unexpected(*wrong);
    }
    return out;
}

Result<std::shared_ptr<const Journal::Beginning>> Journal::beginning_of(const std::string& id) const {
    const auto kept = std::find_if(beginnings_.begin(), beginnings_.end(),
                                   [&](const auto& beginning) { return beginning->run.id == id; });
    if (kept != beginnings_.end()) return *kept;
    const std::vector<JournalEntry>& entries = file_.entries();
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [&](const JournalEntry& one) { return one.run == id && one.kind == "begin"; });
    if (entry == entries.end())
        return fail(Code::not_found,
                    fmt::format("there is no run {} in this journal; `fairway history` lists them", id));
    const Result<Json> body = body_of(*entry);
    if (!body) return tl::unexpected(body.error());
    Run run;
    run.id = id;
    std::string plan_text;
    std::optional<Error> wrong;
    Fields fields(*body, {}, wrong);
    const auto changes = static_cast<std::size_t>(fields.integer("changes", any_number));
    take_entry(run, *entry, fields, plan_text);
    if (wrong) return tl::unexpected(*wrong);
    Result<PlanFile> plan = parse_plan(std::move(plan_text));
    if (!plan) return tl::unexpected(plan.error());
    run.plan_digest = plan->digest();
    beginnings_.push_front(std::make_shared<const Beginning>(Beginning{std::move(run), std::move(*plan), changes}));
    const auto newest = beginnings_.front();
    std::size_t bytes = 0;
    std::erase_if(beginnings_, [&](const auto& one) { return (bytes += one->plan.bytes().size()) > most_kept; });
    return newest;
}

Result<Run> Journal::load(const std::string& id) const {
    const auto beginning = beginning_of(id);
    if (!beginning) return tl::unexpected(beginning.error());
    Run run = (*beginning)->run;
    run.plan = *(*beginning)->plan;
    std::optional<Error> wrong;
    std::string no_plan;
    for (const JournalEntry& entry : file_.entries()) {
        if (entry.run != id || entry.kind == "begin" || (to_skip(entry) && !says_more(entry))) continue;
        const Result<Json> body = body_of(entry);
        if (!body) return tl::unexpected(body.error());
        take_entry(run, entry, Fields(*body, {}, wrong), no_plan);
        if (wrong) return tl::unexpected(*wrong);
    }
    if (auto right = fits(run, (*beginning)->changes); !right) return tl::unexpected(right.error());
    return run;
}

Result<std::pair<Run, PlanFile>> Journal::load_with_plan(const std::string& id) const {
    auto run = load(id);
    if (!run) return tl::unexpected(run.error());
    const auto beginning = beginning_of(id);
    if (!beginning) return tl::unexpected(beginning.error());
    return std::pair(std::move(*run), (*beginning)->plan);
}

Result<std::vector<RunLine>> Journal::history() const {
    std::vector<RunLine> lines;
    std::map<std::string, std::size_t> at;
    std::map<std::string, std::map<std::size_t, Outcome>> outcomes;
    std::optional<Error> wrong;
    for (const JournalEntry& entry : file_.entries()) {
        if (to_skip(entry) && entry.kind != extension_kind) continue;
        const Result<Json> body = body_of(entry);
        if (!body) return tl::unexpected(body.error());
        Fields fields(*body, {}, wrong);
        if (entry.kind == "begin") {
            at[entry.run] = lines.size();
            lines.push_back(line_of(entry, fields));
        } else if (const auto it = at.find(entry.run); it != at.end()) {
            take_entry(lines[it->second], entry, fields);
            if (entry.kind == "outcome")
                outcomes[entry.run][static_cast<std::size_t>(fields.integer("change", any_number))] =
                    fields.word("outcome", all_outcomes);
        }
        if (wrong) return tl::unexpected(*wrong);
    }
    for (const auto& [id, of_run] : outcomes)
        for (const auto& [change, outcome] : of_run)
            if (outcome == Outcome::done) ++lines[at[id]].done;
    return lines;
}

Result<std::vector<std::string>> Journal::with_term() const {
    std::vector<std::string> out;
    for (const JournalEntry& entry : file_.entries()) {
        // A plan is long, and few runs have a term.
        if (entry.kind != "begin" || entry.body.find("\"term\"") == std::string::npos) continue;
        const Result<Json> body = body_of(entry);
        if (!body) return tl::unexpected(body.error());
        if (find(*body, "term")) out.push_back(entry.run);
    }
    return out;
}

std::vector<std::string> Journal::runs_after(std::int64_t number) const {
    std::set<std::string> out;
    for (const JournalEntry& entry : file_.entries())
        if (entry.number > number && !to_skip(entry)) out.insert(entry.run);
    return {out.begin(), out.end()};
}

// By the last entry of each run; only the beginnings of those without an end are read.
Result<std::vector<std::string>> Journal::unfinished(const std::string& estate) const {
    std::vector<const JournalEntry*> begun;
    std::map<std::string, const JournalEntry*> last;
    for (const JournalEntry& entry : file_.entries()) {
        if (to_skip(entry)) continue;
        if (entry.kind == "begin") begun.push_back(&entry);
        last[entry.run] = &entry;
    }
    std::vector<std::string> out;
    std::optional<Error> wrong;
    for (const JournalEntry* begin : begun) {
        if (last[begin->run]->kind == "end") continue;
        const Result<Json> body = body_of(*begin);
        if (!body) return tl::unexpected(body.error());
        if (Fields(*body, {}, wrong).text("estate") == estate) out.push_back(begin->run);
        if (wrong) return tl::unexpected(*wrong);
    }
    return out;
}

}  // namespace fairway
