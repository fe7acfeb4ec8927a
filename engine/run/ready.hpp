// What is asked before a run writes, and what is known then: what an earlier stretch of it came to, and what this one
// leaves out.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/run/apply.hpp"
#include "engine/run/aside.hpp"
#include "engine/run/preflight.hpp"
#include "engine/run/settling.hpp"

namespace fairway {

struct Known {
    std::map<std::size_t, Outcome> last;
    Aside aside;
    std::int64_t reading_ms = 0;  // what reading all of it took
    bool again = false;           // the run is gone on with

    bool is_torn(std::size_t number) const;
};

// All that is asked before a run is made of the plan, and before one goes on. An Error: it may not.
Result<Known> known_before(const Plan& plan, const Hands& hands);
Result<Known> known_again(const Settled& settled, const Hands& hands);
// The first alone, for who only wants to know: what apply would go on without.
Result<std::vector<LeftOut>> may_begin(const PlanFile& file, const Hands& hands);

// Reads everything before the first write, or before the first of one phase. Hosts that fail already now are left out,
// as far as the caller bears it.
Result<void> ready_for(Known& known, const Plan& plan, const Hands& hands, const Phase* only = nullptr);

}  // namespace fairway
