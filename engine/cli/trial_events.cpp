// See trial_events.hpp.
#include "engine/cli/trial_events.hpp"

namespace fairway::cli {
namespace {

constexpr std::int64_t clocks_may_differ_s = 5 * 60;  // as Kerberos allows; where nobody knows better

}  // namespace

TrialLogs::TrialLogs(const Inventory& inventory, const Connections& connections)
    : inventory_(inventory), sights_(connections.host_sights()) {}

Result<std::vector<LogEvent>> TrialLogs::of(const std::string& name, std::int64_t began) {
    const Host* host = inventory_.find(name);
    if (host == nullptr) return fail(Code::not_found, name + ": is not in the inventory");
    const auto clock = (*sights_)->clock(*host);
    const std::int64_t since =
        clock ? began + (clock->ahead_ms - clock->within_ms) / 1000 - 1 : began - clocks_may_differ_s;
    auto file = (*sights_)->events(*host, since);
    if (!file) return tl::unexpected(file.error());
    return std::move(file->events);
}

// Of an embedded estate there is nothing to read, and nothing to say.
TrialEvents TrialLogs::since(const Trial& trial) {
    TrialEvents out;
    if (!sights_) return out;
    for (const std::string& host : {trial.move.from, trial.move.to}) {
        auto events = of(host, trial.began);
        if (!events) out.unread.push_back(events.error().text);
        else out.events.insert(out.events.end(), events->begin(), events->end());
    }
    return out;
}

}  // namespace fairway::cli
