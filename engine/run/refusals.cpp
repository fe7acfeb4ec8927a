// See refusals.hpp.
#include "engine/run/refusals.hpp"

#include <algorithm>

namespace fairway {

std::int64_t last_directory_change(const Run& run) {
    const std::vector<const Change*> changes = numbered(run.plan);
    std::int64_t last = 0;
    for (const Step& step : run.steps)
        if (step.number < changes.size() && row_of(changes[step.number]->address.kind()).in_directory &&
            step.outcome == Outcome::done)
            last = std::max(last, step.settled);
    return last;
}

}  // namespace fairway
