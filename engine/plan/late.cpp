// See late.hpp.
#include "engine/plan/late.hpp"

#include <set>

namespace fairway {

std::vector<Address> may_still_arrive(const Run& run) {
    std::set<std::size_t> late;
    for (const Step& step : run.steps)
        if (step.outcome == Outcome::unanswered || step.outcome == Outcome::torn) late.insert(step.number);
    const std::vector<const Change*> changes = numbered(run.plan);
    std::vector<Address> out;
    std::set<Address> told;
    for (const std::size_t number : late)
        if (number < changes.size() && told.insert(changes[number]->address).second)
            out.push_back(changes[number]->address);
    return out;
}

}  // namespace fairway
