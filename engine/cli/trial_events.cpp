// See trial_events.hpp.
#include "engine/cli/trial_events.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <span>

#include "engine/diagnosis/blackout.hpp"

namespace fairway::cli {
TrialLogs::TrialLogs(const Inventory& inventory, const Connections& connections)
    : inventory_(inventory), sights_(connections.host_sights()) {}

TrialLogs::Log TrialLogs::of(const std::string& name, std::int64_t began, std::vector<std::string>& unread) {
    const Host* host = inventory_.find(name);
    if (host == nullptr) {
        unread.push_back(name + ": is not in the inventory");
        return {};
    }
    const auto clock = (*sights_)->clock(*host);
    const std::int64_t since = earliest_there(clock, clock ? began - 1 : began);
    LogsSeen seen = read_logs(std::span(&host, 1), **sights_, since, [](const std::string&) {});
    std::move(seen.unread.begin(), seen.unread.end(), std::back_inserter(unread));
    return {std::move(seen.events), clock ? clock->ahead_ms * 1000 : 0};
}

// Of an embedded estate there is nothing to read, and nothing to say.
LogsSeen TrialLogs::since(const Trial& trial) {
    LogsSeen out;
    if (!sights_) return out;
    for (const std::string& host : {trial.move.from, trial.move.to}) {
        Log log = of(host, trial.began, out.unread);
        std::move(log.events.begin(), log.events.end(), std::back_inserter(out.events));
    }
    return out;
}

// Moves of one VM do not overlap, so an event is of the move in whose time it was logged, at either end.
std::vector<std::optional<std::chrono::milliseconds>> TrialLogs::blackouts(const std::vector<Trial>& trials,
                                                                           std::vector<std::string>& unread) {
    std::vector<std::optional<std::chrono::milliseconds>> out(trials.size());
    if (!sights_ || trials.empty()) return out;
    const auto first = std::min_element(trials.begin(), trials.end(),
                                        [](const Trial& a, const Trial& b) { return a.began < b.began; });
    std::set<std::string> hosts, vms;
    for (const Trial& trial : trials) {
        if (trial.failed) continue;
        hosts.insert({trial.move.from, trial.move.to});
        vms.insert(trial.move.id);
    }
    std::map<std::string, std::vector<Blackout>> logged;  // of each VM, by the clock here
    for (const std::string& host : hosts) {
        const Log log = of(host, first->began, unread);
        for (const std::string& vm : vms)
            for (const Blackout& one : fairway::blackouts(log.events, vm))
                logged[vm].push_back({one.time_us - log.ahead_us, one.length});
    }
    for (std::size_t i = 0; i < trials.size(); ++i)
        if (!trials[i].failed) out[i] = take_blackout(logged[trials[i].move.id], trials[i].began, trials[i].ended);
    return out;
}

}  // namespace fairway::cli
