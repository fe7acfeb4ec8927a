// When did values of accounts change last, as the domain controllers that are read say it, and which runs are there
// that may have done it?
#pragma once

#include <cstdint>
#include <vector>

#include "engine/cli/connect.hpp"
#include "engine/cli/options.hpp"
#include "engine/diagnosis/with_estate.hpp"
#include "engine/model/run.hpp"

namespace fairway::cli {

// What the own replica of each host's domain says.
Result<ChangeStamps> own_stamps(Replicas& replicas, const std::vector<Holder>& holders,
                                const std::vector<Address>& addresses);

// Those of the addresses that changed less than `within_s` before `now`.
Result<std::vector<RecentChange>> recent_changes(const Connections& connections, const std::vector<Address>& addresses,
                                                 std::int64_t now, std::int64_t within_s);

// The runs of the estate in the journal, as they began.
Result<std::vector<Run>> own_runs(const Request& request, const Inventory& inventory);

}  // namespace fairway::cli
