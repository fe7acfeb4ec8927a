// How long will a phase take, and how long to undo all that is done? From what rounds took so far: a round is the
// changes that are in flight together, from the reading before them to the outcomes in the journal. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/journal/journal.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

// The longest round of hosts and of directory accounts, in milliseconds. What was never measured is assumed.
class Pace {
public:
    void took(Kind kind, std::int64_t ms);
    std::int64_t ms(Kind kind) const;
    bool measured(Kind kind) const;

private:
    std::array<std::int64_t, all_kinds.size()> longest_{};  // 0: not measured
};

inline constexpr std::int64_t assumed_round_ms = 60'000;

// Of the estate's last runs in the journal that measured anything.
Result<Pace> pace_of(const Journal& journal, const std::string& estate);

struct Estimate {
    std::int64_t phase_ms = 0;   // to make it
    std::int64_t undo_ms = 0;    // to undo it and all that is done before it
    std::int64_t pauses_ms = 0;  // of a whole plan: its pauses, and until hosts have forgotten refusals
    bool assumed = false;        // something of it was never measured

    std::int64_t whole_ms() const { return phase_ms + undo_ms; }
};

// `done`: what is made already, or will be when the phase is, phase by phase: it is undone in the same rounds.
Estimate estimate(const std::vector<const Change*>& phase, const std::vector<std::vector<const Change*>>& done,
                  std::size_t in_flight, const Pace& pace);

// Of a whole plan, and to undo all of it.
Estimate estimate(const Plan& plan, std::size_t in_flight, const Pace& pace);

}  // namespace fairway
