// One application of one plan, as the journal records it. Append-only: an intent is durable before its
// effect. The baseline of a run is not stored; it is the values before these steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/model/plan.hpp"
#include "engine/model/snapshot.hpp"

namespace fairway {

// What became of a write, as a later reading showed it.
enum class Outcome {
    done,        // the address holds what was written
    not_done,    // it holds what it held before, and the server said no
    torn,        // some of a write of several requests is there; writing again is safe
    in_doubt,    // it holds something else, or cannot be read
    unanswered,  // it holds what it held before, but nobody said no: the write may still arrive
};
std::string_view name(Outcome outcome);

struct Step {
    std::size_t number = 0;                  // of the change in its plan, from 0, counted through the phases
    std::optional<Outcome> outcome;          // empty: the run ended between intent and outcome
    std::string note;                        // what the provider or the settling said
    std::int64_t intended = 0, settled = 0;  // seconds since 1970; 0: not yet
    std::int64_t entry = 0;                  // of its intent in the journal: the order of the steps of all runs
    std::int64_t answer = 0;                 // of its last outcome
    std::int64_t took_ms = 0;                // with all that was in flight beside it; 0: not measured
};

// What a gate behind a phase came to.
struct GateSeen {
    std::string phase, gate;  // title of the phase, and name of the gate
    bool passed = false;
    std::vector<std::string> saw;  // a sentence each
    std::int64_t at = 0;           // seconds since 1970, UTC
};

// Until when a run is meant to stand that ends by itself (break-glass), and why; as it began, or as somebody extended
// it.
struct Term {
    std::int64_t until = 0;  // seconds since 1970, UTC
    std::string reason = {};
    std::string who = {}, host = {};  // account and machine
    std::int64_t at = 0;              // when that was said

    friend bool operator==(const Term&, const Term&) = default;
};

struct Run {
    std::string id;  // date and number, 2026-11-22-03
    Plan plan;
    std::string plan_digest;         // of its file, as the journal has it
    std::string who, host;           // account and machine that ran it
    std::int64_t started = 0;        // seconds since 1970, UTC
    std::int64_t ended = 0;          // 0: it has no end; it was killed or is still running
    std::string end;                 // complete, stopped, failed, in_doubt; empty while it has none
    std::string reason;              // why it began nothing more: asked, window, waiting, gate, failure; or empty
    std::string because;             // the same in words, a line for each
    std::string rolls_back;          // the run that this one undoes, or empty
    std::vector<Allowance> allowed;  // beyond the plan's limits and what was allowed in it, when it was applied
    std::vector<Replica> replicas;   // at which it wrote, as it came to them; none where the journal does not say
    std::vector<Term> terms;         // the last one counts; none: it does not end by itself
    bool expired = false;            // it was past its end, and nothing of it was left to put back
    std::vector<GateSeen> gates;     // in the order in which they were asked
    std::vector<Step> steps;         // in the order of their intents; a repeated number supersedes the earlier
};

// Where the run stands: the last of its replicas of each domain. Others may lack what it wrote.
std::vector<Replica> last_replicas(const Run& run);

// The last word on each change that the run came to, by the change's number.
std::map<std::size_t, const Step*> last_steps(const Run& run);

// What the run changed, or may have changed.
std::set<Address> changed_by(const Run& run);

// A plan's changes as one numbered list.
std::vector<const Change*> numbered(const Plan& plan);

// The numbers of the changes of the phase that has this one's kind and wave, from `first` up to but without `end`.
struct Numbers {
    std::size_t first = 0, end = 0;
    bool hold(std::size_t number) const { return first <= number && number < end; }
};
Numbers numbers_of(const Plan& plan, const Phase& phase);

}  // namespace fairway
