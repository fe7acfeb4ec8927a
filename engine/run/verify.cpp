// See verify.hpp.
#include "engine/run/verify.hpp"

#include <algorithm>

#include "engine/plan/judge.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/later.hpp"
#include "engine/run/survey.hpp"

namespace fairway {

Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress) {
    return reader.read(questions, progress);
}

Result<Standing> standing_of(const Run& run, const Journal& journal) {
    const auto later = later_runs(run, journal);
    if (!later) return tl::unexpected(later.error());
    Standing out;
    out.gone = undone(run, *later);
    const std::vector<const Change*> changes = numbered(run.plan);
    out.changes = changes.size();
    for (const auto& [number, step] : last_steps(run)) {
        if (number >= changes.size()) continue;
        if (step->outcome == Outcome::done) ++out.done;
        else out.open.emplace_back(changes[number]->address, step->outcome);
    }
    return out;
}

bool Verified::as_left() const {
    return std::all_of(findings.begin(), findings.end(),
                       [](const Finding& one) { return one.verdict == Verdict::compliant; });
}

std::vector<Mesh> Verified::ends() const { return meshes(inventory, snapshot); }

Verified verify(const Run& run, Inventory inventory, Reader& reader, const Progress& progress) {
    Verified out{.wants = results(run), .inventory = {}, .snapshot = {}, .findings = {}};
    out.snapshot = observe(reader, scope(out.wants, inventory), progress);
    out.inventory = read_further(std::move(inventory), out.snapshot, reader, progress);
    out.findings = judge(out.wants, out.snapshot);
    return out;
}

}  // namespace fairway
