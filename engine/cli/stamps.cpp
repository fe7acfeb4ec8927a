// See stamps.hpp.
#include "engine/cli/stamps.hpp"

#include "engine/cli/documents.hpp"
#include "engine/journal/journal.hpp"

namespace fairway::cli {

Result<ChangeStamps> own_stamps(Replicas& replicas, const std::vector<Holder>& holders,
                                const std::vector<Address>& addresses) {
    ChangeStamps out;
    for (const Holder& holder : holders) {
        if (!holder.own) continue;
        auto stamps = replicas.stamps(holder.replica, addresses);
        if (!stamps) return tl::unexpected(stamps.error());
        out.merge(*stamps);
    }
    return out;
}

Result<std::vector<RecentChange>> recent_changes(const Connections& connections, const std::vector<Address>& addresses,
                                                 std::int64_t now, std::int64_t within_s) {
    const auto replicas = connections.replicas();
    if (!replicas) return tl::unexpected(replicas.error());
    const auto holders = (*replicas)->all();
    if (!holders) return tl::unexpected(holders.error());
    const auto stamps = own_stamps(**replicas, *holders, addresses);
    if (!stamps) return tl::unexpected(stamps.error());
    std::vector<RecentChange> out;
    for (const auto& [address, stamp] : *stamps) {
        if (!stamp || !*stamp) continue;
        const std::int64_t age = now - (*stamp)->time;
        // A domain controller whose clock is ahead has changes of the future.
        if (age < within_s && age > -within_s) out.push_back({address, std::max<std::int64_t>(age, 0)});
    }
    return out;
}

Result<std::vector<Run>> own_runs(const Request& request, const Inventory& inventory) {
    auto journal = Journal::open_to_read(store_path(request));
    if (!journal) return tl::unexpected(journal.error());
    const auto history = journal->history();
    if (!history) return tl::unexpected(history.error());
    std::vector<Run> out;
    for (const RunLine& line : *history) {
        if (line.estate != inventory.estate) continue;
        auto run = journal->load(line.id);
        if (!run) return tl::unexpected(run.error());
        out.push_back(std::move(*run));
    }
    return out;
}

}  // namespace fairway::cli
