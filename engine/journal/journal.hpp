// What was done, when, by whom and for which ticket; and from it the baseline of every run. All of it comes from the
// entries that were read when the journal was opened (chain.hpp), and from those appended since; the format is
// schema.sql.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/json_fwd.hpp"
#include "engine/journal/file.hpp"
#include "engine/model/contact.hpp"
#include "engine/model/run.hpp"
#include "engine/plan/plan_file.hpp"

namespace fairway {

struct RunHeading {
    std::string who, host;                // account and machine
    std::string rolls_back;               // the run that this one undoes, or empty
    std::vector<Replica> replicas = {};   // the replicas at which it reads and writes
    std::vector<Allowance> allowed = {};  // beside what the plan has
    std::optional<Term> term = {};        // of a run that ends by itself; its who, host and at are those of the run
};

// A line of the history: a Run without its plan's changes.
struct RunLine {
    std::string id, estate, ticket, source, who, host, end, reason, rolls_back;  // end, reason: as in Run
    Purpose purpose{};
    std::int64_t started = 0, ended = 0;  // 0: it has no end
    std::size_t changes = 0, done = 0;
    std::string plan_digest;  // as `fairway show` prints its beginning
    std::int64_t until = 0;   // when it ends by itself; 0: it does not
};

// What became of one change. Not sent: nothing did; its intent does not count, and what an earlier step says does.
struct StepOutcome {
    std::size_t change = 0;
    Outcome outcome{};
    std::string note = {};
    bool sent = true;
    std::int64_t took_ms = 0;  // by a steady clock, with all that was in flight beside it; 0: not measured
};

class Journal {
public:
    // As those of JournalFile.
    static Result<Journal> open_to_read(const std::string& path);
    static Result<Journal> open_to_append(const std::string& path);

    // Times are seconds since 1970, UTC. The id is the date of `now` with the day's next number.
    // When one of these returns, its entries are durable.
    Result<std::string> begin(const PlanFile& plan, const RunHeading& heading, std::int64_t now);
    // Several at once are one sync, and after a crash all are there or none. `moved`: the replicas to which the run has
    // come since what the journal says of it.
    Result<void> intend(const std::string& run, std::span<const std::size_t> changes, std::int64_t now,
                        std::span<const Replica> moved = {});
    Result<void> record(const std::string& run, std::span<const StepOutcome> changes, std::int64_t now);
    // What a gate saw.
    Result<void> record(const std::string& run, const GateSeen& seen);
    // `reason`: why it begins nothing more, or empty.
    Result<void> end(const std::string& run, std::string_view end, const std::string& note, std::int64_t now,
                     std::string_view reason = {});

    // Of a run that ends by itself: another end; and that nothing of it is left to put back.
    Result<void> extend(const std::string& run, const Term& term);
    Result<void> expire(const std::string& run, const std::string& who, const std::string& host, std::int64_t now);

    // Of no run; durable before a rehearsal is sent.
    Result<void> note(const Contact& contact);
    Result<std::vector<Contact>> contacts() const;  // oldest first

    Result<Run> load(const std::string& run) const;
    Result<std::pair<Run, PlanFile>> load_with_plan(const std::string& run) const;
    Result<std::vector<RunLine>> history() const;
    // Runs that end by themselves, whatever became of them, in the order of their beginnings.
    Result<std::vector<std::string>> with_term() const;
    // Runs that have entries after that one, in the order of their names.
    std::vector<std::string> runs_after(std::int64_t entry) const;
    // Runs that have no end: they were killed, or are going on now under somebody's lock.
    Result<std::vector<std::string>> unfinished(const std::string& estate) const;
    JournalHead head() const { return file_.head(); }

private:
    explicit Journal(JournalFile file) : file_(std::move(file)) {}
    Result<void> append(const std::string& run, std::string_view kind, std::int64_t at, const Json& body);

    // What the first entry of a run says. It never changes and holds the whole plan, so the last ones are kept.
    struct Beginning {
        Run run;  // but for its plan
        PlanFile plan;
        std::size_t changes = 0;  // as the entry says
    };
    Result<std::shared_ptr<const Beginning>> beginning_of(const std::string& run) const;

    JournalFile file_;
    mutable std::deque<std::shared_ptr<const Beginning>> beginnings_;  // the newest first
};

}  // namespace fairway
