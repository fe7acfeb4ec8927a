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

Result<std::vector<Address>> late_writes(const std::string& run, const Journal& journal) {
    const auto history = journal.history();
    if (!history) return tl::unexpected(history.error());
    std::vector<Address> out;
    for (const RunLine& line : *history) {
        if (line.id != run && line.rolls_back != run) continue;
        const auto loaded = journal.load(line.id);
        if (!loaded) return tl::unexpected(loaded.error());
        for (const Address& address : may_still_arrive(*loaded))
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
