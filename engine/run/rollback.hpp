// Puts back what a run changed, as far as it is still the run's: settles the run, wants the values before it, reads,
// judges, plans and applies, and does so again while others edit the same values. What somebody else changed stays;
// what cannot be read is left for later and stops nothing else. Asks nobody and prints nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/journal/journal.hpp"
#include "engine/model/inventory.hpp"
#include "engine/provider.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/names.hpp"
#include "engine/run/rollback_scope.hpp"
#include "engine/run/settling.hpp"

namespace fairway {

struct RollbackWish {
    std::string run;
    RollbackScope scope = {};
    std::string ticket = {};              // empty: the run's
    std::vector<Allowance> allowed = {};  // beside what the run itself was allowed
    bool dry = false;                     // settles nothing and writes nothing
    bool news = false;  // how this run ended is known only since now: that nothing is left of it is no mistake
};

// What there is to put back now.
struct WayBack {
    PlanFile plan;
    std::vector<Finding> findings;  // of what could be read
    std::vector<LeftOut> left_out;  // what could not, and what is in doubt
    bool blind = false;             // there is something to put back, and nothing of it could be read
    bool conflicts() const;         // something stays as somebody else wrote it
};

struct RollbackHands {
    Reader& reader;
    Journal& journal;
    const Inventory& inventory;
    OpenNames open_names;
    Clock clock = system_now;
    Progress progress = {};
    // The first way back, also if it is not walked; and each later one (`again`) that is.
    std::function<void(const WayBack&, bool again)> planned = [](const WayBack&, bool) {};
    // Before the first write, of a plan that is within its limits. An Error: nothing is written.
    std::function<Result<void>(const Plan&)> may_begin = [](const Plan&) { return Result<void>(); };
    // Makes a run of the plan, linked to the run that it undoes.
    std::function<Result<Applied>(const PlanFile&)> apply;
};

struct RolledBack {
    std::string already = {};  // why there is nothing to do: it was rolled back. Empty: all the rest is said
    std::optional<WayBack> first = {};
    std::vector<LeftOut> left_out = {};  // what the same rollback puts back later; as the last reading found it
    struct Attempt {
        PlanFile plan;
        Result<Applied> applied;
    };
    std::vector<Attempt> attempts = {};          // none: nothing was to be written
    bool overtaken = false;                      // of the last attempt others did all that was left
    std::vector<Address> may_still_arrive = {};  // writes of the run and of its rollbacks
    bool complete() const;                       // nothing stays behind
};

// An Error before the first write: nothing was written (not in the journal, not within the limits, `may_begin`). Later:
// the journal cannot be used any more.
Result<RolledBack> roll_back(const RollbackWish& wish, const RollbackHands& hands);

}  // namespace fairway
