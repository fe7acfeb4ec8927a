// The reviewed unit: what will be written, in which order, and what it does to the paths. A Plan is a
// value that survives its file byte for byte (plan/plan_file); apply does what it says and nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/estate_finding.hpp"
#include "engine/model/policy.hpp"
#include "engine/model/premise.hpp"
#include "engine/model/rollout.hpp"
#include "engine/model/snapshot.hpp"
#include "engine/model/want.hpp"

namespace fairway {

enum class Verdict {
    compliant,
    drifted,     // and `remedy` says which value would comply
    excepted,    // drifted, but an exception in force covers it
    conflict,    // rollback: somebody else changed it, so it stays
    absent,      // the host or account has no such property; nothing can be written
    unreadable,  // never folded into another verdict
    unknown,     // its value was read, but not all that decides about it: nothing is planned of this want
    busy,        // of a plan's note only: the host is at work now, and apply begins when it is not
};
std::string_view name(Verdict verdict);

// The judgement of one want: exactly one for each.
struct Finding {
    Address address;
    Verdict verdict{};
    Held held;                    // empty also when unreadable
    Set foreign;                  // of a set: the elements held that the want does not name
    std::optional<Value> remedy;  // drifted only: what the address should hold, for this want alone
    std::string rule;
    Severity severity = Severity::medium;
    std::string because;  // one sentence
    Place where;
    Premises premises = {};           // drifted only: what the remedy rests on
    std::optional<Error> doubt = {};  // unknown only: why, where it is not that something could not be read
    // Of a rollback's set: elements that the run had found and left there and somebody took; those that it had added
    // and somebody took, so that nothing is left to undo; those that other runs changed since.
    Set taken = {}, withdrawn = {};
    std::vector<TakenOver> taken_over = {};
};

// How dangerous a change is, and why: see plan/risk.
struct Grade {
    Risk risk = Risk::low;
    std::string because = {};  // empty: nobody graded it

    friend bool operator==(const Grade&, const Grade&) = default;
};

struct Change {
    Address address;
    Value before, after;             // before != after
    std::vector<std::string> rules;  // ids that ask for it
    Set keeps;                       // of a set: elements that no rule names and that stay
    Premises premises = {};          // asked again before it is written
    Grade grade = {};                // as the plan says it; what is to be believed of it is graded_risk (plan/risk)

    friend bool operator==(const Change&, const Change&) = default;
};

// Ordered pairs of hosts, by verdict.
struct PathCount {
    std::int64_t open = 0, closed = 0, unknown = 0;
    friend bool operator==(const PathCount&, const PathCount&) = default;
};

enum class PhaseKind { directory_additions, hosts, directory_removals };
inline constexpr std::array all_phases = {PhaseKind::directory_additions, PhaseKind::hosts,
                                          PhaseKind::directory_removals};
std::string_view name(PhaseKind kind);

// Paths that a step closes, if only for a while, or opens again: those between its object and these hosts, to or from
// them alone, or both.
struct StepPaths {
    Address address;
    std::vector<std::string> both, to, from;

    // Each of them, as source and destination.
    template <class Visit>
    void each(Visit visit) const {
        for (const std::string& host : both) visit(address.object, host);
        for (const std::string& host : both) visit(host, address.object);
        for (const std::string& host : to) visit(address.object, host);
        for (const std::string& host : from) visit(host, address.object);
    }

    friend bool operator==(const StepPaths&, const StepPaths&) = default;
};

// What keeps the paths of one migration domain from being open: a row for each host that they start from, a letter for
// each where they end (paths/conditions.hpp); '-' is the host itself.
struct PathLetters {
    std::string domain;
    std::vector<std::string> hosts, rows;

    friend bool operator==(const PathLetters&, const PathLetters&) = default;
};

// The same of all domains, with what the letters mean: the conditions by name, and the settings that each looks at.
struct PathPicture {
    std::vector<std::string> conditions = {};
    std::vector<std::vector<std::string>> rests_on = {};
    std::vector<PathLetters> now = {};

    friend bool operator==(const PathPicture&, const PathPicture&) = default;
};

struct Phase {
    PhaseKind kind{};
    std::vector<Change> changes;            // in the order they are made
    PathCount paths;                        // predicted, when the phase is done
    std::int64_t closes = 0;                // how many open paths some order of its steps closes, if only for a while
    std::vector<StepPaths> closed = {};     // which, by every step that may; plan files of older versions may say none
    std::vector<StepPaths> opened = {};     // of paths that were open before: by every step that may open them again
    std::vector<PathLetters> letters = {};  // the rows that are not as they were before the phase
    std::int64_t wave = 0;                  // of hosts, from 1; 0: the plan has no waves, or it is no phase of hosts
    bool canary = false;                    // the wave is
    Then then = {};

    friend bool operator==(const Phase&, const Phase&) = default;
};

// "directory additions", "hosts", "wave 1 (canary)".
std::string title(const Phase& phase);

// What an earlier run of the estate says about the hosts that searches find now.
struct FoundSince {
    std::string run;                 // the last one; empty: the store has none to compare with
    std::vector<std::string> fresh;  // found now, and not for that run

    friend bool operator==(const FoundSince&, const FoundSince&) = default;
};

enum class Purpose { apply, rollback };
std::string_view name(Purpose purpose);

// Hosts that the plan says nothing of: they were neither judged, nor will they be changed.
struct NotCovered {
    std::string because;  // "--except tag:old", or why a host could not be read
    std::vector<std::string> hosts;

    friend bool operator==(const NotCovered&, const NotCovered&) = default;
};

// What somebody allowed once beyond a limit.
struct Allowance {
    std::string limit, value;  // as in --allow LIMIT=VALUE; see model/limits
    std::string by;            // account

    friend bool operator==(const Allowance&, const Allowance&) = default;
};

// What came of applying the plan and rolling it back in memory, when it was made.
struct Rehearsed {
    std::size_t exact = 0;            // changes that were put back exactly
    std::vector<std::string> others;  // a line for each that was not

    friend bool operator==(const Rehearsed&, const Rehearsed&) = default;
};

struct Plan {
    Purpose purpose = Purpose::apply;
    std::string estate;
    std::string inventory_digest;
    std::vector<std::string> found;   // hosts that the inventory's searches found
    std::optional<FoundSince> since;  // only where the inventory searches
    std::string source;               // the policy's name, or the run that is rolled back
    std::string source_digest;        // of the policy; empty for a rollback
    std::string ticket;
    std::optional<Limits> limits;         // of the policy; empty: of a rollback, or a file that has none
    std::vector<Allowance> allowed = {};  // what it needs beyond them, in their order
    std::optional<Rollout> rollout;       // of the policy, and as strict as the caller wanted it; empty: no waves
    RunRules run_rules = {};              // of the policy, and as strict as the caller wanted them
    std::vector<NotCovered> not_covered;  // by choice; their paths are not counted either
    PathCount paths;                      // before any change
    std::vector<Phase> phases;            // those that have changes, in order
    std::vector<Finding> notes;           // what stays as it is, and why: conflicts, exceptions, absent properties
    std::vector<EstateFinding> estate_findings;  // what no change of it fixes
    std::optional<Rehearsed> rehearsed = {};
    PathPicture picture = {};  // before any change; plan files of older versions have none

    std::size_t size() const;  // how many changes
};

// How many open paths the plan's steps may close on the way; one that several phases close is counted once.
std::int64_t paths_closed(const Plan& plan);

// What the change adds to a set; empty of other values.
Set added(const Change& change);

// What goes for no reason but that its computers are gone: the premise about delegation.vanished.
Set taken_as_gone(const Change& change);

}  // namespace fairway
