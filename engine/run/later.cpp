// See later.hpp.
#include "engine/run/later.hpp"

#include <algorithm>

#include "engine/plan/late.hpp"
#include "engine/plan/plan_file.hpp"

namespace fairway {

Result<std::vector<Run>> later_runs(const Run& run, const Journal& journal) {
    std::vector<Run> out;
    if (run.steps.empty()) return out;
    for (const std::string& id : journal.runs_after(run.steps.front().entry)) {
        if (id == run.id) continue;
        auto loaded = journal.load(id);
        if (!loaded) return tl::unexpected(loaded.error());
        if (loaded->plan.estate == run.plan.estate) out.push_back(std::move(*loaded));
    }
    return out;
}

std::vector<Address> late_writes(const Run& run, std::span<const Run> later) {
    std::vector<Address> out = may_still_arrive(run);
    for (const Run& other : later) {
        if (other.rolls_back != run.id) continue;
        for (const Address& address : may_still_arrive(other))
            if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(address);
    }
    return out;
}

Result<std::optional<RunLine>> run_of(const PlanFile& plan, const Journal& journal) {
    const auto history = journal.history();
    if (!history) return tl::unexpected(history.error());
    std::optional<RunLine> out;
    for (const RunLine& line : *history)
        if (line.plan_digest == plan.digest()) out = line;
    return out;
}

}  // namespace fairway
