// What hosts logged of trial moves, by the clock of each: since one that failed began, and how long VMs stood still.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/connect.hpp"
#include "engine/model/event.hpp"
#include "engine/run/look.hpp"
#include "engine/run/trials.hpp"

namespace fairway::cli {

class TrialLogs {
public:
    TrialLogs(const Inventory& inventory, const Connections& connections);
    LogsSeen since(const Trial& trial);
    // Of each trial, in their order; empty where neither host reports it. `unread`: as in LogsSeen.
    std::vector<std::optional<std::chrono::milliseconds>> blackouts(const std::vector<Trial>& trials,
                                                                    std::vector<std::string>& unread);

private:
    struct Log {
        std::vector<LogEvent> events;
        std::int64_t ahead_us = 0;  // the host's clock
    };
    Log of(const std::string& host, std::int64_t began, std::vector<std::string>& unread);

    const Inventory& inventory_;
    Result<std::unique_ptr<HostSights>> sights_;
};

}  // namespace fairway::cli
