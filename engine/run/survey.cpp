// See survey.hpp.
#include "engine/run/survey.hpp"

#include <algorithm>

#include "engine/paths/end.hpp"
#include "engine/plan/coverage.hpp"
#include "engine/plan/desire.hpp"
#include "engine/plan/judge.hpp"
#include "engine/plan/scope.hpp"
#include "engine/run/verify.hpp"

namespace fairway {
namespace {

void read_more(Snapshot& snapshot, Reader& reader, const std::vector<Address>& questions,
               const Progress& progress = {}) {
    if (questions.empty()) return;
    Snapshot more = observe(reader, questions, progress);
    for (auto& [address, reading] : more.readings) snapshot.readings.insert_or_assign(address, std::move(reading));
    for (std::string& source : more.sources)
        if (std::find(snapshot.sources.begin(), snapshot.sources.end(), source) == snapshot.sources.end())
            snapshot.sources.push_back(std::move(source));
}

}  // namespace

Inventory read_further(Inventory inventory, Snapshot& snapshot, Reader& reader, const Progress& progress) {
    inventory = without_strangers(std::move(inventory), snapshot);
    std::vector<Address> questions = suffix_questions(inventory, snapshot);
    const std::vector<Address> of_paths = further_path_questions(inventory, snapshot);
    questions.insert(questions.end(), of_paths.begin(), of_paths.end());
    read_more(snapshot, reader, questions, progress);
    return with_full_names(std::move(inventory), snapshot);
}

Checked<Survey> survey(const Policy& policy, Inventory inventory, Desired desired, std::int64_t now, Reader& reader,
                       const Progress& progress, Unreadable hosts) {
    Survey out;
    out.inventory = std::move(inventory);
    out.desired = std::move(desired);
    const auto bind = [&]() -> Checked<void> {
        auto anew = desire(policy, out.inventory, now, out.doubts);
        if (!anew) return tl::unexpected(anew.error());
        out.desired = std::move(*anew);
        return {};
    };
    out.snapshot = observe(reader, scope(out.desired, out.inventory), progress);
    const bool renamed = !suffix_questions(out.inventory, out.snapshot).empty();
    const std::size_t all = out.inventory.hosts.size();
    out.inventory = read_further(std::move(out.inventory), out.snapshot, reader, progress);
    out.left_unreadable =
        hosts == Unreadable::not_covered && leave_unreadable(out.inventory, out.desired, out.snapshot);
    if (out.left_unreadable)  // what their own rules would give them does not come
        if (auto bound = bind(); !bound) return tl::unexpected(bound.error());
    out.doubts = doubts(out.inventory, out.desired, out.snapshot);
    if (renamed || out.inventory.hosts.size() != all || !out.doubts.empty())
        if (auto bound = bind(); !bound) return tl::unexpected(bound.error());
    out.findings = judge(out.desired, out.snapshot);
    const std::vector<Address> questions = name_questions(out.findings, out.inventory);
    if (questions.empty()) return out;
    read_more(out.snapshot, reader, questions);
    Doubts now_doubtful = doubts(out.inventory, out.desired, out.snapshot);
    if (now_doubtful.hosts.size() == out.doubts.hosts.size()) return out;
    out.doubts = std::move(now_doubtful);
    if (auto bound = bind(); !bound) return tl::unexpected(bound.error());
    out.findings = judge(out.desired, out.snapshot);
    return out;
}

}  // namespace fairway
