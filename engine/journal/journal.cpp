// See journal.hpp.
#include "engine/journal/journal.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>

#include "engine/base/clock.hpp"
#include "engine/base/digest.hpp"
#include "engine/base/fields.hpp"
#include "engine/plan/plan_file.hpp"

namespace fairway {

extern const char* const journal_schema;  // schema.sql

namespace {

constexpr std::int64_t format_version = 1;
constexpr JsonLimits body_limits = {.bytes = std::size_t{1} << 31, .depth = 8};
const std::string no_hash(64, '0');

// A reader that comes while the writer holds the file waits; a writer's commit is on the disk when it
// answers (WAL with synchronous = FULL syncs the log at each commit).
constexpr std::string_view pragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;";

std::string hash_of(const std::string& previous, std::int64_t seq, const std::string& run, std::string_view kind,
                    std::int64_t at, const std::string& body) {
    return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", previous, seq, run, kind, at, body));
}

Result<Json> parse_body(const std::string& body, std::int64_t seq) {
    Result<Json> json = parse_json(body, body_limits);
    if (!json) return fail(Code::storage, fmt::format("journal entry {} cannot be read: {}", seq, json.error().text));
    return json;
}

constexpr std::array all_outcomes = {Outcome::done, Outcome::not_done, Outcome::torn, Outcome::in_doubt,
                                     Outcome::unanswered};

Json plain(std::span<const Replica> replicas) {
    Json out = Json::array();
    for (const Replica& one : replicas) out.push_back({{"domain", one.domain}, {"server", one.server}, {"id", one.id}});
    return out;
}

void take_replicas(Run& run, Fields& fields) {
    if (!find(*fields.json(), "replicas")) return;
    fields.each("replicas", [&](Fields one) {
        run.replicas.push_back({one.text("domain"), one.text("server"), one.text("id")});
    });
}

// Takes one entry over into the run that is being loaded.
void take(Run& run, const std::string& kind, std::int64_t at, Fields fields, std::string& plan_text) {
    if (kind == "begin") {
        plan_text = fields.text("plan");
        run.who = fields.text("who");
        run.host = fields.text("host");
        run.rolls_back = fields.text("rolls_back");
        run.started = at;
        take_replicas(run, fields);
        return;
    }
    if (kind == "end") {
        run.ended = at;
        run.end = fields.text("end");
        return;
    }
    run.ended = 0;
    run.end.clear();
    const auto number = static_cast<std::size_t>(fields.integer("change", {0, 1'000'000'000}));
    if (kind == "intent") {
        run.steps.push_back({.number = number, .outcome = {}, .note = {}, .intended = at});
        take_replicas(run, fields);
        return;
    }
    const Outcome outcome = fields.word("outcome", all_outcomes);
    for (auto it = run.steps.rbegin(); it != run.steps.rend(); ++it) {
        if (it->number != number) continue;
        it->outcome = outcome;
        it->settled = at;
        it->note = fields.text("note");
        return;
    }
    fields.complain({Code::storage, fmt::format("an outcome of change {} without an intent", number)});
}

}  // namespace

Result<void> Journal::must_exist(const std::string& path) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return {};
    return fail(Code::not_found, fmt::format("there is no journal at {}; nothing was ever applied with this store "
                                             "(see --store)",
                                             path));
}

Result<Journal> Journal::open_to_read(const std::string& path) {
    if (auto there = must_exist(path); !there) return tl::unexpected(there.error());
    auto connection = sqlite::Connection::open(path, sqlite::Connection::Mode::read);
    if (!connection) return tl::unexpected(connection.error());
    Journal journal(std::move(*connection));
    if (auto version = journal.check_version(); !version) return tl::unexpected(version.error());
    if (auto chain = journal.check_chain(); !chain) return tl::unexpected(chain.error());
    return journal;
}

Result<Journal> Journal::open_to_append(const std::string& path) {
    auto connection = sqlite::Connection::open(path, sqlite::Connection::Mode::create);
    if (!connection) return tl::unexpected(connection.error());
    Journal journal(std::move(*connection));
    std::int64_t tables = 0;
    auto counted = journal.db_.query("SELECT count(*) FROM sqlite_master", {},
                                     [&](const sqlite::Row& row) { tables = row.integer(0); });
    if (!counted) return tl::unexpected(counted.error());
    // Before the first pragma: setting the journal's mode already writes into a file that may be another program's.
    if (tables != 0)
        if (auto version = journal.check_version(); !version) return tl::unexpected(version.error());
    if (auto set = journal.db_.execute(pragmas); !set) return tl::unexpected(set.error());
    if (tables == 0) {
        auto made = journal.db_.execute(fmt::format("BEGIN IMMEDIATE;\n{}\nINSERT INTO format VALUES ({});\nCOMMIT;",
                                                    journal_schema, format_version));
        if (!made) return tl::unexpected(made.error());
    }
    if (auto chain = journal.check_chain(); !chain) return tl::unexpected(chain.error());
    return journal;
}

Result<void> Journal::check_version() {
    std::int64_t version = 0;
    auto read = db_.query("SELECT version FROM format", {}, [&](const sqlite::Row& row) { version = row.integer(0); });
    if (!read) return fail(Code::storage, "this file is no journal of Fairway: " + read.error().text);
    if (version != format_version)
        return fail(Code::storage, fmt::format("the journal has format {}, this Fairway writes format {}; use the "
                                               "Fairway that wrote it, or another --store",
                                               version, format_version));
    return {};
}

Result<void> Journal::check_chain() {
    last_ = 0;
    last_hash_ = no_hash;
    std::int64_t broken = 0;
    auto read = db_.query(
        "SELECT seq, run, kind, at, body, previous, hash FROM entry ORDER BY seq", {}, [&](const sqlite::Row& row) {
            if (broken != 0) return;
            const std::int64_t seq = row.integer(0);
            const std::string hash = hash_of(last_hash_, seq, row.text(1), row.text(2), row.integer(3), row.text(4));
            if (seq != last_ + 1 || row.text(5) != last_hash_ || row.text(6) != hash) broken = seq;
            last_ = seq;
            last_hash_ = hash;
        });
    if (!read) return read;
    if (broken != 0)
        return fail(Code::storage, fmt::format("the journal's chain is broken at entry {}: somebody changed it; keep "
                                               "the file as evidence and use another --store",
                                               broken));
    return {};
}

Result<void> Journal::append(const std::string& run, std::string_view kind, std::int64_t at, const std::string& body) {
    const std::int64_t seq = last_ + 1;
    std::string hash = hash_of(last_hash_, seq, run, kind, at, body);
    auto written = db_.query("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                             {seq, run, std::string(kind), at, body, last_hash_, hash});
    if (!written) return written;
    last_ = seq;
    last_hash_ = std::move(hash);
    return {};
}

Result<std::string> Journal::begin(const Plan& plan, const RunHeading& heading, std::int64_t now) {
    const std::string date = show_date(now);
    std::int64_t today = 0;
    // A range of the index: '.' is the character after '-'.
    auto counted = db_.query("SELECT count(*) FROM entry WHERE run >= ? AND run < ? AND kind = 'begin'",
                             {date + "-", date + "."}, [&](const sqlite::Row& row) { today = row.integer(0); });
    if (!counted) return tl::unexpected(counted.error());
    std::string id = fmt::format("{}-{:02}", date, today + 1);
    const Json body = {{"replicas", plain(heading.replicas)},
                       {"estate", plan.estate},
                       {"purpose", name(plan.purpose)},
                       {"source", plan.source},
                       {"ticket", plan.ticket},
                       {"changes", plan.size()},
                       {"who", heading.who},
                       {"host", heading.host},
                       {"rolls_back", heading.rolls_back},
                       {"plan", print_plan(plan)}};
    if (auto written = append(id, "begin", now, print_json(body, -1)); !written) return tl::unexpected(written.error());
    return id;
}

Result<void> Journal::intend(const std::string& run, std::size_t change, std::int64_t now,
                             std::span<const Replica> moved) {
    Json body = {{"change", change}};
    if (!moved.empty()) body["replicas"] = plain(moved);
    return append(run, "intent", now, print_json(body, -1));
}

Result<void> Journal::record(const std::string& run, std::size_t change, Outcome outcome, const std::string& note,
                             std::int64_t now) {
    const Json body = {{"change", change}, {"outcome", name(outcome)}, {"note", note}};
    return append(run, "outcome", now, print_json(body, -1));
}

Result<void> Journal::end(const std::string& run, std::string_view end, const std::string& note, std::int64_t now) {
    return append(run, "end", now, print_json(Json{{"end", end}, {"note", note}}, -1));
}

Result<Run> Journal::load(const std::string& id) {
    Run run;
    run.id = id;
    std::string plan_text;
    std::optional<Error> wrong;
    auto read = db_.query("SELECT seq, kind, at, body FROM entry WHERE run = ? ORDER BY seq", {id},
                          [&](const sqlite::Row& row) {
                              if (wrong) return;
                              const Result<Json> body = parse_body(row.text(3), row.integer(0));
                              if (!body) wrong = body.error();
                              else take(run, row.text(1), row.integer(2), Fields(*body, {}, wrong), plan_text);
                          });
    if (!read) return tl::unexpected(read.error());
    if (wrong) return tl::unexpected(*wrong);
    if (plan_text.empty())
        return fail(Code::not_found,
                    fmt::format("there is no run {} in this journal; `fairway history` lists them", id));
    Result<Plan> plan = parse_plan(plan_text);
    if (!plan) return tl::unexpected(plan.error());
    run.plan = std::move(*plan);
    return run;
}

Result<std::vector<RunLine>> Journal::history() {
    std::vector<RunLine> lines;
    std::map<std::string, std::size_t> at;
    std::map<std::string, std::map<std::size_t, Outcome>> outcomes;
    std::optional<Error> wrong;
    auto read = db_.query("SELECT seq, run, kind, at, body FROM entry ORDER BY seq", {}, [&](const sqlite::Row& row) {
        if (wrong) return;
        const Result<Json> body = parse_body(row.text(4), row.integer(0));
        if (!body) {
            wrong = body.error();
            return;
        }
        Fields fields(*body, {}, wrong);
        const std::string id = row.text(1), kind = row.text(2);
        if (kind == "begin") {
            at[id] = lines.size();
            lines.push_back({.id = id,
                             .estate = fields.text("estate"),
                             .ticket = fields.text("ticket"),
                             .source = fields.text("source"),
                             .who = fields.text("who"),
                             .host = fields.text("host"),
                             .end = {},
                             .rolls_back = fields.text("rolls_back"),
                             .purpose = fields.text("purpose") == "rollback" ? Purpose::rollback : Purpose::apply,
                             .started = row.integer(3),
                             .changes = static_cast<std::size_t>(fields.integer("changes", {0, 1'000'000'000}))});
            return;
        }
        const auto it = at.find(id);
        if (it == at.end()) return;
        RunLine& line = lines[it->second];
        line.ended = kind == "end" ? row.integer(3) : 0;
        line.end = kind == "end" ? fields.text("end") : std::string();
        if (kind == "outcome")
            outcomes[id][static_cast<std::size_t>(fields.integer("change", {0, 1'000'000'000}))] =
                fields.word("outcome", all_outcomes);
    });
    if (!read) return tl::unexpected(read.error());
    if (wrong) return tl::unexpected(*wrong);
    for (const auto& [id, of_run] : outcomes)
        for (const auto& [change, outcome] : of_run)
            if (outcome == Outcome::done) ++lines[at[id]].done;
    return lines;
}

// By the last entry of each run; only the beginnings of those without an end are read.
Result<std::vector<std::string>> Journal::unfinished(const std::string& estate) {
    std::vector<std::string> out;
    std::optional<Error> wrong;
    auto read = db_.query(
        "SELECT b.seq, b.run, b.body FROM entry b WHERE b.kind = 'begin' AND 'end' <> "
        "(SELECT l.kind FROM entry l WHERE l.run = b.run ORDER BY l.seq DESC LIMIT 1) ORDER BY b.seq",
        {}, [&](const sqlite::Row& row) {
            if (wrong) return;
            const Result<Json> body = parse_body(row.text(2), row.integer(0));
            if (!body) wrong = body.error();
            else if (Fields(*body, {}, wrong).text("estate") == estate) out.push_back(row.text(1));
        });
    if (!read) return tl::unexpected(read.error());
    if (wrong) return tl::unexpected(*wrong);
    return out;
}

}  // namespace fairway
