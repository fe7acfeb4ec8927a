// See trial_events.hpp.
#include "engine/cli/trial_events.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <span>
#include <utility>

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

std::vector<std::optional<std::chrono::milliseconds>> TrialLogs::blackouts(const std::vector<Trial>& trials,
                                                                           std::vector<std::string>& unread) {
    std::vector<std::optional<std::chrono::milliseconds>> out(trials.size());
    std::vector<DoneMove> done;
    std::vector<std::size_t> places;  // of `done` in `trials`
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const Trial& trial = trials[i];
        if (trial.failed) continue;
        done.push_back({trial.move.from, trial.move.to, trial.move.id, trial.began, trial.ended});
        places.push_back(i);
    }
    if (!sights_ || done.empty()) return out;
    std::set<std::string> hosts;
    std::int64_t first = done.front().began;
    for (const DoneMove& move : done) {
        hosts.insert({move.from, move.to});
        first = std::min(first, move.began);
    }
    LoggedBlackouts logged;
    for (const std::string& host : hosts) {
        const Log log = of(host, first, unread);
        for (Blackout one : fairway::blackouts(log.events)) {
            one.time_us -= log.ahead_us;
            logged[host].push_back(std::move(one));
        }
    }
    const auto lengths = lengths_of(done, std::move(logged));
    for (std::size_t i = 0; i < done.size(); ++i) out[places[i]] = lengths[i];
    return out;
}

}  // namespace fairway::cli
